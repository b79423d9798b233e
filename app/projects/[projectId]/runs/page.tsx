import { redirect } from 'next/navigation';

/** The runs stand below the training form. */
export default async function ProjectRunsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  redirect(`/projects/${projectId}/train`);
}
