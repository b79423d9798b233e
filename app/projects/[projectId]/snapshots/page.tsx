import type { Metadata } from 'next';
import { SnapshotsPage } from '@/components/snapshots/snapshots-page';

export const metadata: Metadata = { title: 'Snapshots' };

export default async function ProjectSnapshotsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <SnapshotsPage projectId={projectId} />;
}
