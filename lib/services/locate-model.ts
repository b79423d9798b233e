/** Finds the files of a model. */
import { join } from 'node:path';
import { conflict, notFound } from '@/lib/auth/refusal';
import { addedModelById, listAddedModelFiles } from '@/lib/db/added-models';
import type { Database } from '@/lib/db/client';
import { fileSize, storedFilePath } from '@/lib/db/files';
import { type ModelRow, modelById } from '@/lib/db/models';
import { listRunFiles, runById } from '@/lib/db/runs';
import { adapterFilesAt } from '@/lib/schemas/model';
import { adapterFiles, modelFiles } from '@/trainer/contract/model-files';
import { bundledModelPath } from './list-models';
import { folderPath, modifiedAt } from './server-models';

/** File name in the manifest -> path on this machine. */
export interface ModelLocation {
  readonly paths: ReadonlyMap<string, string>;
  readonly adapters: number;
  /** The hub's address, when the model's own files are on a hub; else null. */
  readonly hub: string | null;
}

/**
 * Finds the files of a model. A model that was trained as an adapter consists of the run's base model and the adapter.
 */
export async function locateModel(db: Database, model: ModelRow): Promise<ModelLocation> {
  if (model.kind === 'bundled') {
    const paths = new Map(modelFiles.map((name) => [name, bundledModelPath(model.id, name)]));
    return { paths, adapters: 0, hub: null };
  }
  if (model.kind === 'added') return locateAddedModel(db, model);
  const run = model.runId ? await runById(db, model.runId) : undefined;
  if (!run) throw notFound('runOfModelGone');
  const stored = new Map((await listRunFiles(db, run.id)).map(({ name, sha256 }) => [name, storedFilePath(sha256)]));
  if (!adapterFiles.every((name) => stored.has(name))) {
    return {
      paths: new Map([...stored].filter(([name]) => modelFiles.includes(name))),
      adapters: 0,
      hub: null,
    };
  }
  const base = await modelById(db, run.modelId);
  if (!base) throw notFound('baseOfAdapterGone');
  const { paths, adapters, hub } = await locateModel(db, base);
  const names = adapterFilesAt(adapters);
  const [config, weights] = adapterFiles.map((name) => stored.get(name)!);
  return {
    paths: new Map([...paths, [names.config, config!], [names.weights, weights!]]),
    adapters: adapters + 1,
    hub,
  };
}

async function locateAddedModel(db: Database, { id, name }: ModelRow): Promise<ModelLocation> {
  const added = await addedModelById(db, id);
  if (!added) throw notFound('modelRemoved');
  if (added.source === 'hub') return { paths: new Map(), adapters: 0, hub: added.address };
  const files = await listAddedModelFiles(db, id);
  if (added.source === 'folder') {
    return { paths: new Map(files.map((file) => [file.name, storedFilePath(file.sha256!)])), adapters: 0, hub: null };
  }
  const folder = await folderPath(added.address);
  for (const file of files) {
    const path = join(folder, file.name);
    if ((await fileSize(path)) !== file.bytes || (await modifiedAt(path)) !== file.modified) {
      throw conflict('modelChanged', { name, file: file.name });
    }
  }
  return { paths: new Map(files.map((file) => [file.name, join(folder, file.name)])), adapters: 0, hub: null };
}
