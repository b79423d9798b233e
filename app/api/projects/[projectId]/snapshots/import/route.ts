import { json, routeFor } from '@/lib/http/route';
import { sentFile } from '@/lib/http/sent-file';
import { importSnapshot } from '@/lib/services/import-snapshot';

export const POST = routeFor<{ projectId: string }>('snapshots.create', async (context) => {
  const { actor, db, params } = context;
  const { snapshot, created } = await importSnapshot(actor, db, params.projectId, await sentFile(context));
  return json({ snapshot, created }, { status: created ? 201 : 200 });
});
