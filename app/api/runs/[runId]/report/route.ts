import { readJson, routeFor } from '@/lib/http/route';
import { runReportSchema } from '@/lib/schemas/run';
import { reportRun } from '@/lib/services/report-run';

export const POST = routeFor<{ runId: string }>('runs.manage', async ({ actor, db, request, params }) =>
  reportRun(actor, db, params.runId, await readJson(request, runReportSchema)),
);
