import { Translations } from '@/components/shell/translations';
import { WorkPage } from '@/components/work/work-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('work');

export default async function ProjectWorkPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['work', 'marks']}>
      <WorkPage projectId={projectId} />
    </Translations>
  );
}
