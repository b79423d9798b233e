import { Translations } from '@/components/shell/translations';
import { SnapshotsPage } from '@/components/snapshots/snapshots-page';
import { titled } from '@/lib/i18n/page-title';

export const generateMetadata = titled('snapshots');

export default async function ProjectSnapshotsPage({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return (
    <Translations of={['snapshots']}>
      <SnapshotsPage projectId={projectId} />
    </Translations>
  );
}
