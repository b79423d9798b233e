import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor, ProjectAction } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { lockRun, type NamedRun, type RunRow, runById } from '@/lib/db/runs';
import type { RunSummary } from '@/lib/schemas/run-answers';
import type { Message } from '@/trainer/contract/message';
import type { RunEvaluation } from '@/trainer/contract/run-event';
import { displayedRunStatus } from '@/trainer/contract/run-status';
import { storedTrainConfigSchema } from '@/trainer/contract/train-config';

/** The run, if the actor may do this with it. People outside the project do not learn that it exists. */
export async function accessibleRun(
  actor: Actor,
  db: Database,
  action: ProjectAction,
  runId: string,
  { lock = false } = {},
): Promise<RunRow> {
  const row = await (lock ? lockRun : runById)(db, requireUuid(runId));
  if (!row) throw notFound();
  await authorizeInProject(db, actor, action, row.projectId);
  return row;
}

export function runSummary({ run: row, snapshotName, modelName, number }: NamedRun): RunSummary {
  return {
    id: row.id,
    projectId: row.projectId,
    snapshotId: row.snapshotId,
    modelId: row.modelId,
    snapshotName,
    modelName,
    number,
    config: storedTrainConfigSchema.parse(row.config),
    status: displayedRunStatus(row.status, row.heartbeatAt ?? row.startedAt),
    backend: row.backend,
    trainedParameters: row.trainedParameters,
    step: row.step,
    totalSteps: row.totalSteps,
    evaluation: row.evaluation as RunEvaluation | null,
    error: row.error,
    failure: row.failure as Message | null,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    heartbeatAt: row.heartbeatAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
