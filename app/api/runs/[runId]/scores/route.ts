import { readJson, route } from '@/lib/http/route';
import { runScoresRequestSchema } from '@/lib/schemas/run';
import { saveScores } from '@/lib/services/report-run';

/** 2000 scores with two long ids each. */
const MAX_BYTES = 8 * 1024 * 1024;

export const POST = route<{ runId: string }>(async ({ actor, db, request, params }) =>
  saveScores(actor, db, params.runId, await readJson(request, runScoresRequestSchema, MAX_BYTES)),
);
