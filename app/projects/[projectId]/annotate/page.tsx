import type { Metadata } from 'next';
import { AnnotatePage } from '@/components/annotate/annotate-page';

export const metadata: Metadata = { title: 'Annotate' };

export default async function ProjectAnnotatePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <AnnotatePage projectId={projectId} />;
}
