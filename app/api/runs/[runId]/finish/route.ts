import { readJson, routeFor } from '@/lib/http/route';
import { runFinishSchema } from '@/lib/schemas/run';
import { finishRun } from '@/lib/services/finish-run';

export const POST = routeFor<{ runId: string }>('runs.manage', async ({ actor, db, request, params }) =>
  finishRun(actor, db, params.runId, await readJson(request, runFinishSchema)),
);
