import { json, readJson, routeFor } from '@/lib/http/route';
import { serverModelRequestSchema } from '@/lib/schemas/model';
import { addServerModel } from '@/lib/services/server-models';

export const POST = routeFor('models.manage', async ({ actor, db, request }) =>
  json({ model: await addServerModel(actor, db, await readJson(request, serverModelRequestSchema)) }, { status: 201 }),
);
