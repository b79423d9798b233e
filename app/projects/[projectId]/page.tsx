import { ProjectOverview } from '@/components/projects/project-overview';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('project');

export default async function ProjectPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <ProjectOverview projectId={projectId} />;
}
