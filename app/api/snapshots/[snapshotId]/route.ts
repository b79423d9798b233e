import { readJson, route, routeFor } from '@/lib/http/route';
import { renameSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { getSnapshot } from '@/lib/services/read-snapshot';
import { renameSnapshot } from '@/lib/services/rename-snapshot';

export const GET = route<{ snapshotId: string }>(async ({ actor, db, params }) => ({
  snapshot: await getSnapshot(actor, db, params.snapshotId),
}));

export const PATCH = routeFor<{ snapshotId: string }>('snapshots.create', async ({ actor, db, params, request }) => ({
  snapshot: await renameSnapshot(actor, db, params.snapshotId, await readJson(request, renameSnapshotRequestSchema)),
}));
