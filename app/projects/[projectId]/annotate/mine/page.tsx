import type { Metadata } from 'next';
import { MyWorkPage } from '@/components/annotate/my-work-page';

export const metadata: Metadata = { title: 'Your work' };

export default async function ProjectMyWorkPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <MyWorkPage projectId={projectId} />;
}
