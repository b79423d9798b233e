import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, authorize } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { fileSize, openFile } from '@/lib/db/files';
import { type ModelRow, modelById } from '@/lib/db/models';
import { runById } from '@/lib/db/runs';
import type { ModelManifest } from '@/lib/schemas/model';
import { registerBundledModels } from './list-models';
import { locateModel } from './locate-model';

/** The model, if the actor may use it: by role, and for a model that a run trained by permission to read that run. */
export async function readableModel(actor: Actor, db: Database, modelId: string): Promise<ModelRow> {
  authorize(actor, 'models.read');
  let model = await modelById(db, modelId);
  if (!model) {
    await registerBundledModels(db);
    model = await modelById(db, modelId);
  }
  if (!model) throw notFound('noSuchModel');
  if (model.kind === 'run') {
    const run = model.runId ? await runById(db, model.runId) : undefined;
    if (!run) throw notFound('runOfModelGone');
    await authorizeInProject(db, actor, 'runs.read', run.projectId);
  }
  return model;
}

/**
 * The manifest of the files that a worker has to fetch. @throws Refusal 'not_found' when the actor may not use the
 * model
 */
export async function describeModel(actor: Actor, db: Database, modelId: string): Promise<ModelManifest> {
  const model = await readableModel(actor, db, modelId);
  const { paths, adapters, hub } = await locateModel(db, model);
  const files = await Promise.all([...paths].map(async ([name, path]) => ({ name, bytes: await fileSize(path) })));
  return {
    id: model.id,
    name: model.name,
    files: files.flatMap(({ name, bytes }) => (bytes === null ? [] : [{ name, bytes }])),
    adapters,
    hub,
  };
}

export interface FileContent {
  bytes: number;
  stream: AsyncIterable<Uint8Array>;
}

/** One of the files that the model's manifest names. @throws Refusal 'not_found' for any other name */
export async function readModelFile(actor: Actor, db: Database, modelId: string, name: string): Promise<FileContent> {
  const path = (await locateModel(db, await readableModel(actor, db, modelId))).paths.get(name);
  if (path === undefined) throw notFound('noSuchModelFile');
  const content = await openFile(path);
  if (!content) throw notFound('modelFileMissing');
  return content;
}
