import { Translations } from '@/components/shell/translations';
import { WorkPage } from '@/components/work/work-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('work');

export default async function ProjectWorkPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['work', 'marks']}>
      <WorkPage projectId={projectId} />
    </Translations>
  );
}
