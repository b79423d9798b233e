import { parse, route } from '@/lib/http/route';
import { comparisonQuerySchema } from '@/lib/schemas/snapshot-comparison';
import { compareSnapshots } from '@/lib/services/compare-snapshots';

/** From the first snapshot to the other. */
export const GET = route<{ snapshotId: string; otherSnapshotId: string }>(({ actor, db, params, url }) =>
  compareSnapshots(
    actor,
    db,
    [params.snapshotId, params.otherSnapshotId],
    parse(comparisonQuerySchema, Object.fromEntries(url.searchParams)),
  ),
);
