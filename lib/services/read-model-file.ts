import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { openFile, storedFilePath } from '@/lib/db/files';
import { type ModelRow, modelById } from '@/lib/db/models';
import { fileOf, runById } from '@/lib/db/runs';
import { type ModelFileName, modelFileNames } from '@/lib/schemas/model';
import { bundledModelPath, registerBundledModels } from './list-models';

/** The model, if the actor may use it: bundled ones by role, a run's by the right to read that run. */
export async function readableModel(actor: Actor, db: Database, modelId: string): Promise<ModelRow> {
  authorize(actor, 'models.read');
  let model = await modelById(db, modelId);
  if (!model) {
    await registerBundledModels(db);
    model = await modelById(db, modelId);
  }
  if (!model) throw notFound('This model does not exist.');
  if (model.kind === 'run') {
    const run = model.runId ? await runById(db, model.runId) : undefined;
    if (!run) throw notFound('The run that made this model is gone.');
    await authorizeInProject(db, actor, 'runs.read', run.projectId);
  }
  return model;
}

export interface FileContent {
  bytes: number;
  stream: AsyncIterable<Uint8Array>;
}

/** One of the four files that a worker needs. @throws Refusal 'not_found' for any other name */
export async function readModelFile(actor: Actor, db: Database, modelId: string, name: string): Promise<FileContent> {
  const model = await readableModel(actor, db, modelId);
  if (!(modelFileNames as readonly string[]).includes(name)) throw notFound('A model has no such file.');
  const content = await openFile(await pathOf(db, model, name as ModelFileName));
  if (!content) throw notFound('This file of the model is missing on the server.');
  return content;
}

async function pathOf(db: Database, model: ModelRow, name: ModelFileName): Promise<string> {
  if (model.kind === 'bundled') return bundledModelPath(model.id, name);
  const file = await fileOf(db, model.runId!, name);
  if (!file) throw notFound('This file of the model is missing on the server.');
  return storedFilePath(file.sha256);
}
