import { json, route } from '@/lib/http/route';
import { finishUpload } from '@/lib/services/upload-model';

export const POST = route<{ modelId: string }>(async ({ actor, db, params }) =>
  json({ model: await finishUpload(actor, db, params.modelId) }, { status: 201 }),
);
