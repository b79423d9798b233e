import { createdAnswer } from '@/lib/http/created-answer';
import { readJson, route, routeFor } from '@/lib/http/route';
import { createWebhookSchema } from '@/lib/schemas/webhook';
import { createWebhook, listWebhooks } from '@/lib/services/webhooks';

type Params = { projectId: string };

export const GET = route<Params>(async ({ actor, db, params }) => ({
  webhooks: await listWebhooks(actor, db, params.projectId),
}));

export const POST = routeFor<Params>('project.edit', async (context) => {
  const body = await readJson(context.request, createWebhookSchema);
  return createdAnswer(context, body, (db) => createWebhook(context.actor, db, context.params.projectId, body));
});
