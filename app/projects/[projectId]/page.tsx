import { ProjectOverview } from '@/components/projects/project-overview';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('project');

export default async function ProjectPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['projects']}>
      <ProjectOverview projectId={projectId} />
    </Translations>
  );
}
