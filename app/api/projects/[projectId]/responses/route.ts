import { readJson, route } from '@/lib/http/route';
import { addResponsesRequestSchema } from '@/lib/schemas/new-responses';
import { importLimits } from '@/lib/schemas/prompt-import';
import { addResponses } from '@/lib/services/add-responses';

export const POST = route<{ projectId: string }>(async ({ actor, db, request, params }) => {
  const body = await readJson(request, addResponsesRequestSchema, importLimits.fileBytes);
  return addResponses(actor, db, params.projectId, body);
});
