/** Where the files of a model lie. */
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { storedFilePath } from '@/lib/db/files';
import { type ModelRow, modelById } from '@/lib/db/models';
import { filesOf, runById } from '@/lib/db/runs';
import { adapterFileNames, adapterFilesAt, modelFileNames } from '@/lib/schemas/model';
import { bundledModelPath } from './list-models';

/** Names as in the manifest to paths on this machine. */
export interface ModelPlaces {
  readonly paths: ReadonlyMap<string, string>;
  readonly adapters: number;
}

/** The files of a model. One that a run trained as an adapter is the run's own start with the adapter on top. */
export async function placesOf(db: Database, model: ModelRow): Promise<ModelPlaces> {
  if (model.kind === 'bundled') {
    return { paths: new Map(modelFileNames.map((name) => [name, bundledModelPath(model.id, name)])), adapters: 0 };
  }
  const run = model.runId ? await runById(db, model.runId) : undefined;
  if (!run) throw notFound('The run that made this model is gone.');
  const stored = new Map((await filesOf(db, run.id)).map(({ name, sha256 }) => [name, storedFilePath(sha256)]));
  if (!adapterFileNames.every((name) => stored.has(name))) {
    return {
      paths: new Map([...stored].filter(([name]) => (modelFileNames as readonly string[]).includes(name))),
      adapters: 0,
    };
  }
  const base = await modelById(db, run.modelId);
  if (!base) throw notFound('The model that this adapter belongs to is gone.');
  const { paths, adapters } = await placesOf(db, base);
  const names = adapterFilesAt(adapters);
  const [config, weights] = adapterFileNames.map((name) => stored.get(name)!);
  return { paths: new Map([...paths, [names.config, config!], [names.weights, weights!]]), adapters: adapters + 1 };
}
