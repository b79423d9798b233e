import { readJson, routeFor } from '@/lib/http/route';
import { uploadModelRequestSchema } from '@/lib/schemas/model';
import { beginUpload } from '@/lib/services/upload-model';

export const POST = routeFor('models.manage', async ({ actor, db, request }) =>
  beginUpload(actor, db, await readJson(request, uploadModelRequestSchema)),
);
