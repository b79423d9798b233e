/** The model that a run starts from, fetched by the worker: its files from the server, adapters merged in. */
import { adapterFilesAt, type ModelManifest } from '@/lib/schemas/model';
import {
  type Backend,
  type FileSource,
  loadAdapter,
  loadModel,
  type Model,
  mergeAdapter,
  readModelFiles,
} from '@/trainer/index';
import { fetchBytes } from './fetch-with-progress';

export interface ModelDownload {
  readonly manifest: ModelManifest;
  /** Small files are kept: they are asked for more than once. */
  readonly source: FileSource;
}

/** Finds out what the model is made of; its weights come when `openModel` reads them. */
export async function findModel(
  modelUrl: string,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<ModelDownload> {
  const json = new TextDecoder().decode(await fetchBytes(modelUrl, 'The model', () => {}, signal));
  const manifest = JSON.parse(json) as ModelManifest;
  const names = new Set(manifest.files.map(({ name }) => name));
  const kept = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const fetchFile = (name: string) =>
    fetchBytes(`${modelUrl}/files/${encodeURIComponent(name)}`, `The model’s ${name}`, onBytes, signal);
  const keep = (name: string) => {
    const bytes = kept.get(name) ?? fetchFile(name);
    kept.set(name, bytes);
    return bytes;
  };
  const source: FileSource = {
    read: async (name) => (!names.has(name) ? undefined : name.endsWith('.json') ? keep(name) : fetchFile(name)),
    pathOf: (name) => name,
  };
  return { manifest, source };
}

/** Throws what loading a model throws; then nothing stays allocated. */
export async function openModel({ manifest, source }: ModelDownload, backend: Backend): Promise<Model> {
  let model = await loadModel(await readModelFiles(source), backend);
  for (let n = 0; n < manifest.adapters; n++) {
    const names = adapterFilesAt(n);
    const config: unknown = JSON.parse(new TextDecoder().decode(await source.read(names.config)));
    model = mergeAdapter(loadAdapter(model, { config, weights: (await source.read(names.weights))! }));
  }
  return model;
}
