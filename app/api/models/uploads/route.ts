import { readJson, routeFor } from '@/lib/http/route';
import { uploadModelRequestSchema } from '@/lib/schemas/model';
import { beginModelUpload } from '@/lib/services/upload-model';

export const POST = routeFor('models.manage', async ({ actor, db, request }) =>
  beginModelUpload(actor, db, await readJson(request, uploadModelRequestSchema)),
);
