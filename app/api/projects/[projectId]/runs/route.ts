import { json, readJson, route, routeFor } from '@/lib/http/route';
import { createRunRequestSchema } from '@/lib/schemas/run';
import { createRun } from '@/lib/services/create-run';
import { listRuns } from '@/lib/services/get-run';

export const GET = route<{ projectId: string }>(async ({ actor, db, params }) => ({
  runs: await listRuns(actor, db, params.projectId),
}));

export const POST = routeFor<{ projectId: string }>('runs.manage', async ({ actor, db, request, params }) => {
  const body = await readJson(request, createRunRequestSchema);
  return json({ run: await createRun(actor, db, params.projectId, body) }, { status: 201 });
});
