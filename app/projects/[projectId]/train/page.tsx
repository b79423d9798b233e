import { Translations } from '@/components/shell/translations';
import { TrainPage } from '@/components/train/train-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('train');

export default async function ProjectTrainPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['train', 'accuracy', 'trainer']}>
      <TrainPage projectId={projectId} />
    </Translations>
  );
}
