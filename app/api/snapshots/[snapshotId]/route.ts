import { route } from '@/lib/http/route';
import { getSnapshot } from '@/lib/services/read-snapshot';

export const GET = route<{ snapshotId: string }>(async ({ actor, db, params }) => ({
  snapshot: await getSnapshot(actor, db, params.snapshotId),
}));
