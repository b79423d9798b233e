import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { modelOfRun } from '@/lib/db/models';
import { pageOf } from '@/lib/db/newest-first';
import { listRunFiles, metricsOf, namedRuns } from '@/lib/db/runs';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import type { RunAnswer, RunsAnswer } from '@/lib/schemas/run-answers';
import { accessibleRun, runSummary } from './run-access';

const PAGE = 100;

/** @param after where the page before ended */
export async function listRuns(
  actor: Actor,
  db: Database,
  projectId: string,
  after?: MomentPlace,
): Promise<RunsAnswer> {
  await authorizeInProject(db, actor, 'runs.read', projectId);
  const rows = await namedRuns(db, { projectId, after, limit: PAGE + 1 });
  const { shown, end } = pageOf(rows, PAGE, ({ micros, run: { id } }) => ({ micros, id }));
  return { runs: shown.map(runSummary), next: end && momentCursor.next(end) };
}

export async function getRun(actor: Actor, db: Database, runId: string): Promise<RunAnswer> {
  await accessibleRun(actor, db, 'runs.read', runId);
  const [named] = await namedRuns(db, { runId });
  const summary = runSummary(named!);
  return {
    run: summary,
    metrics: await metricsOf(db, runId),
    evaluation: summary.evaluation,
    files: (await listRunFiles(db, runId)).map(({ name, sha256, bytes, createdAt }) => ({
      name,
      sha256,
      bytes,
      createdAt: createdAt.toISOString(),
    })),
    trainedModelId: (await modelOfRun(db, runId))?.id ?? null,
  };
}
