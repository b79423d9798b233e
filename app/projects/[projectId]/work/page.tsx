import type { Metadata } from 'next';
import { WorkPage } from '@/components/work/work-page';

export const metadata: Metadata = { title: 'Work' };

export default async function ProjectWorkPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <WorkPage projectId={projectId} />;
}
