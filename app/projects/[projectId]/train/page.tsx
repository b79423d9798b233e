import { TrainPage } from '@/components/train/train-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('train');

export default async function ProjectTrainPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <TrainPage projectId={projectId} />;
}
