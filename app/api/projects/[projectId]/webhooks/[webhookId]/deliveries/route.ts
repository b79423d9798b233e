import { json, parse, readJson, route, routeFor } from '@/lib/http/route';
import { momentQuerySchema } from '@/lib/schemas/cursor';
import { sendDeliverySchema } from '@/lib/schemas/webhook';
import { listDeliveries, queueDelivery } from '@/lib/services/webhooks';

type Params = { projectId: string; webhookId: string };

export const GET = route<Params>(({ actor, db, params, url }) => {
  const { after } = parse(momentQuerySchema, Object.fromEntries(url.searchParams));
  return listDeliveries(actor, db, params, after);
});

export const POST = routeFor<Params>('project.edit', async ({ actor, db, request, params }) => {
  const delivery = await queueDelivery(actor, db, params, await readJson(request, sendDeliverySchema));
  return json({ delivery }, { status: 202 });
});
