import type { Metadata } from 'next';
import { SamplePage } from '@/components/sample/sample-page';

export const metadata: Metadata = { title: 'Sample responses' };

export default async function ProjectSamplePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <SamplePage projectId={projectId} />;
}
