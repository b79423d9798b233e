import { readJson, routeFor } from '@/lib/http/route';
import { withdrawSentBackRequestSchema } from '@/lib/schemas/decision';
import { takeSentBack } from '@/lib/services/send-back';

export const POST = routeFor<{ projectId: string }>('adjudicate', async ({ actor, db, request, params }) => {
  const { id } = await readJson(request, withdrawSentBackRequestSchema);
  await takeSentBack(actor, db, params.projectId, id);
  return new Response(null, { status: 204 });
});
