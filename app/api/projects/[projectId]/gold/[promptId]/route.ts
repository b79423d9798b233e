import { readJson, route, routeFor } from '@/lib/http/route';
import { setGoldSchema } from '@/lib/schemas/gold';
import { goldFeedback, removeGold, setGold } from '@/lib/services/gold';

type Params = { projectId: string; promptId: string };

/** The feedback, for somebody who has judged it. */
export const GET = route<Params>(({ actor, db, params }) => goldFeedback(actor, db, params.projectId, params.promptId));

export const PUT = routeFor<Params>('project.edit', async ({ actor, db, request, params }) => {
  const { explanation } = await readJson(request, setGoldSchema);
  await setGold(actor, db, params.projectId, params.promptId, explanation);
  return new Response(null, { status: 204 });
});

export const DELETE = routeFor<Params>('project.edit', async ({ actor, db, params }) => {
  await removeGold(actor, db, params.projectId, params.promptId);
  return new Response(null, { status: 204 });
});
