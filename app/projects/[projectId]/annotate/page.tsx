import { AnnotatePage } from '@/components/annotate/annotate-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('annotate');

export default async function ProjectAnnotatePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['annotate', 'marks', 'guidelines', 'content']}>
      <AnnotatePage projectId={projectId} />
    </Translations>
  );
}
