import { createdAnswer } from '@/lib/http/created-answer';
import { readJson, routeFor } from '@/lib/http/route';
import { serverModelRequestSchema } from '@/lib/schemas/model';
import { addServerModel, inspectServerModel } from '@/lib/services/server-models';

export const POST = routeFor('models.manage', async (context) => {
  const { actor } = context;
  const body = await readJson(context.request, serverModelRequestSchema);
  // Large files are read before the transaction begins.
  const found = await inspectServerModel(actor, body.folder);
  return createdAnswer(context, body, async (db) => ({ model: await addServerModel(actor, db, body, found) }));
});
