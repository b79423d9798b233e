import { json, readJson, routeFor } from '@/lib/http/route';
import { hubModelRequestSchema } from '@/lib/schemas/model';
import { addHubModel } from '@/lib/services/add-hub-model';

export const POST = routeFor('models.manage', async ({ actor, db, request }) =>
  json({ model: await addHubModel(actor, db, await readJson(request, hubModelRequestSchema)) }, { status: 201 }),
);
