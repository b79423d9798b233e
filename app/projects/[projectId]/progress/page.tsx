import { ProgressPage } from '@/components/progress/progress-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('progress');

export default async function ProjectProgressPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['progress', 'agreement']}>
      <ProgressPage projectId={projectId} />
    </Translations>
  );
}
