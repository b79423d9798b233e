import { readChunks } from '@/lib/http/download';
import { json, routeFor } from '@/lib/http/route';
import { UPLOAD_HEADER } from '@/lib/schemas/upload';
import { startModelFile, storeModelFile } from '@/lib/services/upload-model';

type Params = { modelId: string; name: string };

export const POST = routeFor<Params>('models.manage', async ({ actor, db, params }) =>
  json(await startModelFile(actor, db, params.modelId, params.name), { status: 201 }),
);

export const PUT = routeFor<Params>('models.manage', ({ actor, db, request, params: { modelId, name } }) => {
  const uploadId = request.headers.get(UPLOAD_HEADER);
  return storeModelFile(actor, db, modelId, { name, ...(uploadId ? { uploadId } : { body: readChunks(request) }) });
});
