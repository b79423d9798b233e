import { jobId } from '@/lib/http/job-id';
import { json, parse, readJson, route, routeFor } from '@/lib/http/route';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import { createSnapshotRequestSchema } from '@/lib/schemas/snapshot-request';
import { createSnapshot } from '@/lib/services/create-snapshot';
import { listSnapshots } from '@/lib/services/read-snapshot';

export const GET = route<{ projectId: string }>(({ actor, db, params, url }) => {
  const { after } = parse(momentQuerySchema, Object.fromEntries(url.searchParams));
  return listSnapshots(actor, db, params.projectId, after);
});

export const POST = routeFor<{ projectId: string }>('snapshots.create', async ({ actor, db, request, params, url }) => {
  const body = await readJson(request, createSnapshotRequestSchema);
  const { snapshot, created } = await createSnapshot(actor, db, params.projectId, body, jobId(url));
  return json({ snapshot, created }, { status: created ? 201 : 200 });
});
