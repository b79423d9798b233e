import { EditAnnotationPage } from '@/components/annotate/edit-page';
import { Translations } from '@/components/shell/translations';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('change');

export default async function ProjectEditAnnotationPage({
  params,
}: {
  params: Promise<{ projectId: string; promptId: string }>;
}) {
  const { projectId, promptId } = await params;
  return (
    <Translations of={['annotate', 'marks', 'guidelines', 'content']}>
      <EditAnnotationPage projectId={projectId} promptId={promptId} />
    </Translations>
  );
}
