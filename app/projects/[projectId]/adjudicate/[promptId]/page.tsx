import { DecidePage } from '@/components/adjudicate/decide-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('adjudicate');

type Params = { projectId: string; promptId: string };

export default async function ProjectDecidePage({ params }: { params: Promise<Params> }) {
  const { projectId, promptId } = await params;
  return (
    <Translations of={['adjudicate', 'annotate', 'marks', 'guidelines', 'content']}>
      <DecidePage projectId={projectId} promptId={promptId} />
    </Translations>
  );
}
