import { readJson, routeFor } from '@/lib/http/route';
import { runScoresRequestSchema } from '@/lib/schemas/run';
import { saveScores } from '@/lib/services/report-run';

export const POST = routeFor<{ runId: string }>('runs.manage', async ({ actor, db, request, params }) =>
  saveScores(actor, db, params.runId, await readJson(request, runScoresRequestSchema)),
);
