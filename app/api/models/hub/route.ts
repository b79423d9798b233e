import { json, readJson, route } from '@/lib/http/route';
import { hubModelRequestSchema } from '@/lib/schemas/model';
import { addHubModel } from '@/lib/services/add-hub-model';

export const POST = route(async ({ actor, db, request }) =>
  json({ model: await addHubModel(actor, db, await readJson(request, hubModelRequestSchema)) }, { status: 201 }),
);
