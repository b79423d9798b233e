import { json, readBytes, routeFor } from '@/lib/http/route';
import { importSnapshot } from '@/lib/services/import-snapshot';

export const POST = routeFor<{ projectId: string }>('snapshots.create', async ({ actor, db, request, params }) => {
  const file = await readBytes(request);
  const { snapshot, created } = await importSnapshot(actor, db, params.projectId, file);
  return json({ snapshot, created }, { status: created ? 201 : 200 });
});
