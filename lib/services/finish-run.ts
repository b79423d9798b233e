import { randomUUID } from 'node:crypto';
import type { Actor } from '@/lib/auth/permissions';
import { conflict } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { storedFilePath } from '@/lib/db/files';
import { type ModelRow, modelById, modelOfRun, upsertModel } from '@/lib/db/models';
import { listRunFiles, namedRuns, type RunRow, updateRun } from '@/lib/db/runs';
import { recordEvent } from '@/lib/db/webhooks';
import { translate } from '@/lib/i18n/translate';
import type { RunFinish } from '@/lib/schemas/run';
import type { FinishedRun } from '@/lib/schemas/run-answers';
import { trainedModelName } from '@/lib/schemas/run-name';
import type { Message } from '@/trainer/contract/message';
import { adapterFiles, adapterWeightsFile, requiredModelFiles, weightsFile } from '@/trainer/contract/model-files';
import { statusAfter } from '@/trainer/contract/run-status';
import { storedTrainConfigSchema } from '@/trainer/contract/train-config';
import { uniqueModelName } from './model-names';
import { countParameters } from './model-parameters';
import { accessibleRun } from './run-access';

/**
 * Ends a run. When the files of a model or an adapter have been stored, they become a model to train on or score with.
 * A run that was stopped from elsewhere may still be finished by its worker, which then uploads what it has.
 * @throws Refusal 'conflict' when the run had ended in another way
 */
export async function finishRun(actor: Actor, db: Database, runId: string, finish: RunFinish): Promise<FinishedRun> {
  return db.transaction(async (tx) => {
    const run = await accessibleRun(actor, tx, 'runs.manage', runId, { lock: true });
    const ending = statusAfter(run.status, finish.status);
    if (ending === null) throw conflict('runEnded', { status: run.status });
    const now = new Date();
    await updateRun(tx, runId, {
      status: ending,
      finishedAt: run.finishedAt ?? now,
      ...(run.startedAt ? {} : { startedAt: now }),
      ...(finish.evaluation === undefined ? {} : { evaluation: finish.evaluation }),
      ...failureFields(finish),
    });
    const modelId = ending === 'failed' ? null : await createTrainedModel(tx, run);
    await recordEvent(tx, run.projectId, 'run.finished', { runId, status: ending, modelId });
    return { status: ending, modelId };
  });
}

/** A failure is stored in English as well, for programs that read it. */
function failureFields({ error, failure }: RunFinish): { error?: string; failure?: Message } {
  if (failure === undefined) return error === undefined ? {} : { error };
  return { error: error ?? translate('en', failure), failure };
}

async function createTrainedModel(tx: Database, run: RunRow): Promise<string | null> {
  const files = new Map((await listRunFiles(tx, run.id)).map((file) => [file.name, file]));
  const isAdapter = adapterFiles.every((name) => files.has(name));
  if (!isAdapter && !requiredModelFiles.every((name) => files.has(name))) return null;
  const weights = isAdapter ? adapterWeightsFile : weightsFile;
  const counted = await countParameters(storedFilePath(files.get(weights)!.sha256));
  if (counted === null) throw conflict('notSafetensors', { file: weights });
  const existing = await modelOfRun(tx, run.id);
  const base = await modelById(tx, run.modelId);
  // An adapter is merged into its base model, whose parameter count does not change.
  const parameters = isAdapter ? (base?.parameters ?? counted) : counted;
  const name = existing?.name ?? (await uniqueModelName(tx, await nameOf(tx, run)));
  const model = await upsertModel(tx, {
    id: existing?.id ?? randomUUID(),
    name,
    kind: 'run',
    runId: run.id,
    parameters,
  });
  return model.id;
}

async function nameOf(tx: Database, run: RunRow): Promise<string> {
  const [named] = await namedRuns(tx, { runId: run.id });
  const { number, modelName } = named!;
  const start = await rootModelOf(tx, run);
  const config = storedTrainConfigSchema.parse(run.config);
  return trainedModelName(start?.model.name ?? modelName, { number, config, from: start?.from ?? null });
}

/** The model at the start of a chain of runs, and the number of the run that this one continues. */
async function rootModelOf(tx: Database, run: RunRow): Promise<{ model: ModelRow; from: number | null } | null> {
  const model = await modelById(tx, run.modelId);
  if (!model?.runId) return model ? { model, from: null } : null;
  const [before] = await namedRuns(tx, { runId: model.runId });
  if (!before) return { model, from: null };
  const start = await rootModelOf(tx, before.run);
  return { model: start?.model ?? model, from: before.number };
}
