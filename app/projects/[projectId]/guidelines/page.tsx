import { GuidelinesPage } from '@/components/guidelines/guidelines-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('guidelines');

export default async function ProjectGuidelinesPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['guidelines', 'content']}>
      <GuidelinesPage projectId={projectId} />
    </Translations>
  );
}
