import { SamplePage } from '@/components/sample/sample-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('sample');

export default async function ProjectSamplePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['sample', 'trainer', 'content']}>
      <SamplePage projectId={projectId} />
    </Translations>
  );
}
