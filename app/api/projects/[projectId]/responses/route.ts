import { readJson, routeFor } from '@/lib/http/route';
import { addResponsesRequestSchema } from '@/lib/schemas/new-responses';
import { addResponses } from '@/lib/services/add-responses';

export const POST = routeFor<{ projectId: string }>('prompts.import', async ({ actor, db, request, params }) => {
  const body = await readJson(request, addResponsesRequestSchema);
  return addResponses(actor, db, params.projectId, body);
});
