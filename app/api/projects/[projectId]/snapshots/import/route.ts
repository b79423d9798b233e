import { json, readBytes, route } from '@/lib/http/route';
import { importSnapshot } from '@/lib/services/import-snapshot';

const MAX_BUNDLE_BYTES = 256 * 1024 * 1024;

export const POST = route<{ projectId: string }>(async ({ actor, db, request, params }) => {
  const file = await readBytes(request, MAX_BUNDLE_BYTES);
  const { snapshot, created } = await importSnapshot(actor, db, params.projectId, file);
  return json({ snapshot, created }, { status: created ? 201 : 200 });
});
