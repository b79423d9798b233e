import { ReviewQueuePage } from '@/components/adjudicate/review-queue-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('adjudicate');

export default async function ProjectAdjudicatePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['adjudicate', 'settings']}>
      <ReviewQueuePage projectId={projectId} />
    </Translations>
  );
}
