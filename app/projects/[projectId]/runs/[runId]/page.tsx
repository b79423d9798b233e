import { Translations } from '@/components/shell/translations';
import { RunPage } from '@/components/train/run-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('run');

export default async function ProjectRunPage({ params }: { params: Promise<{ projectId: string; runId: string }> }) {
  const { projectId, runId } = await params;
  return (
    <Translations of={['train', 'accuracy', 'rerank', 'trainer', 'content']}>
      <RunPage projectId={projectId} runId={runId} />
    </Translations>
  );
}
