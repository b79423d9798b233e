import { PromptsPage } from '@/components/prompts/prompts-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('prompts');

export default async function ProjectPromptsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['marks', 'prompts']}>
      <PromptsPage projectId={projectId} />
    </Translations>
  );
}
