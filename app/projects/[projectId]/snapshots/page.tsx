import { Translations } from '@/components/shell/translations';
import { SnapshotsPage } from '@/components/snapshots/snapshots-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('snapshots');

export default async function ProjectSnapshotsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['snapshots']}>
      <SnapshotsPage projectId={projectId} />
    </Translations>
  );
}
