import { json, readJson, routeFor } from '@/lib/http/route';
import { saveDecisionRequestSchema } from '@/lib/schemas/decision';
import { saveDecision } from '@/lib/services/decide';

export const POST = routeFor<{ projectId: string }>('adjudicate', async ({ actor, db, request, params }) => {
  const body = await readJson(request, saveDecisionRequestSchema);
  const { created, ...saved } = await saveDecision(actor, db, params.projectId, body);
  return json(saved, { status: created ? 201 : 200 });
});
