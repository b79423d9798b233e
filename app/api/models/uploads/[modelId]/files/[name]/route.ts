import { readChunks } from '@/lib/http/download';
import { route } from '@/lib/http/route';
import { storeModelFile } from '@/lib/services/upload-model';

export const PUT = route<{ modelId: string; name: string }>(({ actor, db, request, params }) =>
  storeModelFile(actor, db, params.modelId, { name: params.name, body: readChunks(request) }),
);
