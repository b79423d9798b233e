import { PromptPage } from '@/components/adjudicate/prompt-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('prompt');

type Params = { projectId: string; promptId: string };

export default async function ProjectPromptPage({ params }: { params: Promise<Params> }) {
  const { projectId, promptId } = await params;
  return (
    <Translations of={['adjudicate', 'annotate', 'content', 'marks', 'prompts']}>
      <PromptPage projectId={projectId} promptId={promptId} />
    </Translations>
  );
}
