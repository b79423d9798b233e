import { ImportPage } from '@/components/import/import-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('import');

export default async function ProjectImportPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['import', 'content']}>
      <ImportPage projectId={projectId} />
    </Translations>
  );
}
