import { route } from '@/lib/http/route';
import { getSnapshotContents } from '@/lib/services/get-snapshot-contents';

export const GET = route<{ snapshotId: string }>(({ actor, db, params }) =>
  getSnapshotContents(actor, db, params.snapshotId),
);
