import { readJson, routeFor } from '@/lib/http/route';
import { readGuidelinesSchema } from '@/lib/schemas/guidelines';
import { acknowledgeGuidelines } from '@/lib/services/guidelines';

export const POST = routeFor<{ projectId: string }>('project.view', async ({ actor, db, params, request }) => {
  const { version } = await readJson(request, readGuidelinesSchema);
  return acknowledgeGuidelines(actor, db, params.projectId, version);
});
