import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { insertRun, namedRuns } from '@/lib/db/runs';
import { snapshotById } from '@/lib/db/snapshots';
import type { CreateRunRequest } from '@/lib/schemas/run';
import type { RunSummary } from '@/lib/schemas/run-answers';
import { readableModel } from './read-model-file';
import { runSummary } from './run-access';

/**
 * Stores a run with its config; the worker that trains it reports its progress from then on.
 * @throws Refusal 'invalid' for a snapshot of another project, or one without pairs when the ranking loss has a weight
 */
export async function createRun(
  actor: Actor,
  db: Database,
  projectId: string,
  { snapshotId, modelId, config }: CreateRunRequest,
): Promise<RunSummary> {
  return db.transaction(async (tx) => {
    await authorizeInProject(tx, actor, 'runs.manage', projectId);
    const snapshot = await snapshotById(tx, snapshotId);
    if (!snapshot || snapshot.projectId !== projectId) throw invalid('snapshotElsewhere');
    if (snapshot.pairCount === 0 && config.alpha > 0) {
      throw invalid('snapshotWithoutPairs', { name: snapshot.name });
    }
    await readableModel(actor, tx, modelId);
    const run = await insertRun(tx, { projectId, snapshotId, modelId, config, createdBy: actor.userId });
    const [named] = await namedRuns(tx, { runId: run.id });
    return runSummary(named!);
  });
}
