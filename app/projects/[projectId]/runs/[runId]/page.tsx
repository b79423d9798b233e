import { Translations } from '@/components/shell/translations';
import { RunPage } from '@/components/train/run-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('run');

export default async function ProjectRunPage({ params }: { params: Promise<{ projectId: string; runId: string }> }) {
  const { projectId, runId } = await params;
  return (
    <Translations of={['train', 'accuracy', 'rerank', 'trainer', 'content']}>
      <RunPage projectId={projectId} runId={runId} />
    </Translations>
  );
}
