import { readJson, route, routeFor } from '@/lib/http/route';
import { changeWebhookSchema } from '@/lib/schemas/webhook';
import { changeWebhook, deleteWebhook } from '@/lib/services/webhooks';

type Params = { projectId: string; webhookId: string };

export const PATCH = routeFor<Params>('project.edit', async ({ actor, db, request, params }) => ({
  webhook: await changeWebhook(actor, db, params, await readJson(request, changeWebhookSchema)),
}));

export const DELETE = route<Params>(async ({ actor, db, params }) => {
  await deleteWebhook(actor, db, params);
  return new Response(null, { status: 204 });
});
