import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { modelOfRun } from '@/lib/db/models';
import { listRunFiles, metricsOf, namedRuns } from '@/lib/db/runs';
import type { RunAnswer, RunSummary } from '@/lib/schemas/run-answers';
import { accessibleRun, runSummary } from './run-access';

export async function listRuns(actor: Actor, db: Database, projectId: string): Promise<RunSummary[]> {
  await authorizeInProject(db, actor, 'runs.read', projectId);
  return (await namedRuns(db, { projectId })).map(runSummary);
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
