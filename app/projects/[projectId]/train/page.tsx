import { Translations } from '@/components/shell/translations';
import { TrainPage } from '@/components/train/train-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('train');

export default async function ProjectTrainPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['train', 'accuracy', 'trainer']}>
      <TrainPage projectId={projectId} />
    </Translations>
  );
}
