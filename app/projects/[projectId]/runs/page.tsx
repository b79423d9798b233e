import { redirect } from 'next/navigation';

/** The list of runs is on the training page. */
export default async function ProjectRunsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  redirect(`/projects/${projectId}/train`);
}
