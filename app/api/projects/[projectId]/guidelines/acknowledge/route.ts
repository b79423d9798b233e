import { readJson, route } from '@/lib/http/route';
import { readGuidelinesSchema } from '@/lib/schemas/guidelines';
import { acknowledgeGuidelines } from '@/lib/services/guidelines';

export const POST = route<{ projectId: string }>(async ({ actor, db, params, request }) => {
  const { version } = await readJson(request, readGuidelinesSchema);
  return acknowledgeGuidelines(actor, db, params.projectId, version);
});
