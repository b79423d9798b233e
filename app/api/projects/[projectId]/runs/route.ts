import { createdAnswer } from '@/lib/http/created-answer';
import { readJson, route, routeFor } from '@/lib/http/route';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { createRun } from '@/lib/services/create-run';
import { listRuns } from '@/lib/services/get-run';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  runs: await listRuns(actor, db, params.projectId),
}));

export const POST = routeFor<{ projectId: string }>('runs.manage', async (context) => {
  const { actor, params } = context;
  const body = await readJson(context.request, createRunRequestSchema);
  return createdAnswer(context, body, async (db) => ({ run: await createRun(actor, db, params.projectId, body) }));
});
