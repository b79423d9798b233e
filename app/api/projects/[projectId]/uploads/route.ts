import { json, readJson, routeFor } from '@/lib/http/route';
import { startUploadSchema } from '@/lib/schemas/upload';
import { startProjectUpload } from '@/lib/services/uploads';

export const POST = routeFor<{ projectId: string }>('prompts.import', async ({ actor, db, request, params }) => {
  const wanted = await readJson(request, startUploadSchema);
  return json(await startProjectUpload(actor, db, params.projectId, wanted), { status: 201 });
});
