import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { updateRun, upsertMetrics } from '@/lib/db/runs';
import { upsertScores } from '@/lib/db/scores';
import type { RunReport, RunScoresRequest } from '@/lib/schemas/run';
import type { ReportedRun, StoredScores } from '@/lib/schemas/run-answers';
import { statusAfter } from '@/trainer/contract/run-status';
import { accessibleRun } from './run-access';

/**
 * Records a heartbeat with the metrics since the last one. Repeating it changes nothing.
 * @returns the run's status: 'stopped' tells the worker that somebody stopped it elsewhere; an ended run takes no
 * more metrics
 */
export async function reportRun(actor: Actor, db: Database, runId: string, report: RunReport): Promise<ReportedRun> {
  return db.transaction(async (tx) => {
    const run = await accessibleRun(actor, tx, 'runs.manage', runId, { lock: true });
    const status = statusAfter(run.status, 'running');
    if (status === null) return { status: run.status };
    // An upsert must not touch a row twice, so of a step that is reported twice the later numbers count.
    const bySteps = new Map(report.metrics.map((metric) => [metric.step, metric]));
    await upsertMetrics(tx, runId, [...bySteps.values()]);
    const now = new Date();
    await updateRun(tx, runId, {
      status,
      step: report.step,
      totalSteps: report.totalSteps,
      heartbeatAt: now,
      ...(run.startedAt ? {} : { startedAt: now }),
      ...(report.backend ? { backend: report.backend } : {}),
      ...(report.trainedParameters ? { trainedParameters: report.trainedParameters } : {}),
    });
    return { status };
  });
}

/** Stores one page of scores; a score sent again replaces the earlier one. Counts as a heartbeat. */
export async function saveScores(
  actor: Actor,
  db: Database,
  runId: string,
  request: RunScoresRequest,
): Promise<StoredScores> {
  return db.transaction(async (tx) => {
    const run = await accessibleRun(actor, tx, 'runs.manage', runId, { lock: true });
    const latest = new Map(request.scores.map((score) => [JSON.stringify([score.promptId, score.responseId]), score]));
    await upsertScores(tx, runId, { stage: request.stage, scores: [...latest.values()] });
    if (run.status === 'running') await updateRun(tx, runId, { heartbeatAt: new Date() });
    return { stored: latest.size };
  });
}
