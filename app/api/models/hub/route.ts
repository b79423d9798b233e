import { createdAnswer } from '@/lib/http/created-answer';
import { readJson, routeFor } from '@/lib/http/route';
import { hubModelRequestSchema } from '@/lib/schemas/model';
import { addHubModel } from '@/lib/services/add-hub-model';

export const POST = routeFor('models.manage', async (context) => {
  const body = await readJson(context.request, hubModelRequestSchema);
  return createdAnswer(context, body, async (db) => ({ model: await addHubModel(context.actor, db, body) }));
});
