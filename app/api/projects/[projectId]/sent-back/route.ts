import { readJson, routeFor } from '@/lib/http/route';
import { sendBackRequestSchema } from '@/lib/schemas/decision';
import { sendBack } from '@/lib/services/send-back';

export const POST = routeFor<{ projectId: string }>('adjudicate', async ({ actor, db, request, params }) => {
  await sendBack(actor, db, params.projectId, await readJson(request, sendBackRequestSchema));
  return new Response(null, { status: 204 });
});
