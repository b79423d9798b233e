import { readJson, route } from '@/lib/http/route';
import { runReportSchema } from '@/lib/schemas/run';
import { reportRun } from '@/lib/services/report-run';

export const POST = route<{ runId: string }>(async ({ actor, db, request, params }) =>
  reportRun(actor, db, params.runId, await readJson(request, runReportSchema)),
);
