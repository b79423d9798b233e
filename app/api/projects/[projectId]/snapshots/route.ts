import { jobId } from '@/lib/http/job-id';
import { json, readJson, route, routeFor } from '@/lib/http/route';
import { createSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { listSnapshots } from '@/lib/services/read-snapshot';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  snapshots: await listSnapshots(actor, db, params.projectId),
}));

export const POST = routeFor<{ projectId: string }>('snapshots.create', async ({ actor, db, request, params, url }) => {
  const body = await readJson(request, createSnapshotRequestSchema);
  const { snapshot, created } = await createSnapshot(actor, db, params.projectId, body, jobId(url));
  return json({ snapshot, created }, { status: created ? 201 : 200 });
});
