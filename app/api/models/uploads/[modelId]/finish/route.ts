import { json, route } from '@/lib/http/route';
import { finishModelUpload } from '@/lib/services/upload-model';

export const POST = route<{ modelId: string }>(async ({ actor, db, params }) =>
  json({ model: await finishModelUpload(actor, db, params.modelId) }, { status: 201 }),
);
