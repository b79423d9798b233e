import { readJson, routeFor } from '@/lib/http/route';
import { resolveFlagSchema } from '@/lib/schemas/prompt-mark';
import { resolveFlag } from '@/lib/services/prompt-marks';

export const POST = routeFor<{ projectId: string }>('project.edit', async ({ actor, db, request, params }) => {
  await resolveFlag(actor, db, params.projectId, await readJson(request, resolveFlagSchema));
  return new Response(null, { status: 204 });
});
