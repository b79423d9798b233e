import { SamplePage } from '@/components/sample/sample-page';
import { Translations } from '@/components/shell/translations';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('sample');

export default async function ProjectSamplePage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['sample', 'trainer', 'content']}>
      <SamplePage projectId={projectId} />
    </Translations>
  );
}
