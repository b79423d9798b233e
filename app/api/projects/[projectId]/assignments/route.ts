import { readJson, route, routeFor } from '@/lib/http/route';
import { assignPromptsSchema, releasePlaceSchema } from '@/lib/schemas/assignment';
import { assignPrompts, listAssignments, takeBackPlace } from '@/lib/services/assign-prompts';

type Params = { projectId: string };

export const GET = route<Params>(({ actor, db, params }) => listAssignments(actor, db, params.projectId));

export const POST = routeFor<Params>('project.edit', async ({ actor, db, request, params }) =>
  assignPrompts(actor, db, params.projectId, await readJson(request, assignPromptsSchema)),
);

export const DELETE = routeFor<Params>('project.edit', async ({ actor, db, request, params }) => {
  await takeBackPlace(actor, db, params.projectId, await readJson(request, releasePlaceSchema));
  return new Response(null, { status: 204 });
});
