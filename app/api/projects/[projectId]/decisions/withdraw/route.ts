import { json, readJson, routeFor } from '@/lib/http/route';
import { withdrawDecisionRequestSchema } from '@/lib/schemas/decision';
import { withdrawDecision } from '@/lib/services/decide';

export const POST = routeFor<{ projectId: string }>('adjudicate', async ({ actor, db, request, params }) => {
  const body = await readJson(request, withdrawDecisionRequestSchema);
  const { created, ...saved } = await withdrawDecision(actor, db, params.projectId, body);
  return json(saved, { status: created ? 201 : 200 });
});
