import { MyWorkPage } from '@/components/annotate/my-work-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('mine');

export default async function ProjectMyWorkPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['annotate', 'marks', 'guidelines', 'content']}>
      <MyWorkPage projectId={projectId} />
    </Translations>
  );
}
