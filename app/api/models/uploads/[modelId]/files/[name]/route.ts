import { readChunks } from '@/lib/http/download';
import { routeFor } from '@/lib/http/route';
import { storeModelFile } from '@/lib/services/upload-model';

export const PUT = routeFor<{ modelId: string; name: string }>('models.manage', ({ actor, db, request, params }) =>
  storeModelFile(actor, db, params.modelId, { name: params.name, body: readChunks(request) }),
);
