import type { Metadata } from 'next';
import { TrainPage } from '@/components/train/train-page';

export const metadata: Metadata = { title: 'Train' };

export default async function ProjectTrainPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <TrainPage projectId={projectId} />;
}
