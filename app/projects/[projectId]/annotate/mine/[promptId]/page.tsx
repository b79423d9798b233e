import type { Metadata } from 'next';
import { EditAnnotationPage } from '@/components/annotate/edit-page';

export const metadata: Metadata = { title: 'Change an annotation' };

export default async function ProjectEditAnnotationPage({
  params,
}: {
  params: Promise<{ projectId: string; promptId: string }>;
}) {
  const { projectId, promptId } = await params;
  return <EditAnnotationPage projectId={projectId} promptId={promptId} />;
}
