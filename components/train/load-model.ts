/** Loads the model that a run starts from in the worker: its files from the server, with adapters merged in. */
import { adapterFilesAt, type ModelManifest } from '@/lib/schemas/model';
import { isWeightsFile } from '@/trainer/contract/model-files';
import {
  type Backend,
  createOpfsStore,
  type FileSource,
  loadAdapter,
  loadModel,
  type Model,
  mergeAdapter,
  readModelFiles,
} from '@/trainer/index';
import { fetchBytes } from './fetch-with-progress';
import { hubFiles } from './hub-files';

export interface ModelDownload {
  readonly manifest: ModelManifest;
  /** Small files are cached, since they are read more than once. */
  readonly source: FileSource;
  /** The stored precision of weights that training may leave unchanged; null if it is unknown. */
  readonly weightBytes: number | null;
}

/** Reads the model's configuration; the weights are fetched by `openModel`. */
export async function findModel(
  modelUrl: string,
  onBytes: (count: number) => void,
  signal: AbortSignal,
): Promise<ModelDownload> {
  const json = new TextDecoder().decode(await fetchBytes(modelUrl, 'model', () => {}, signal));
  const manifest = JSON.parse(json) as ModelManifest;
  const names = new Set(manifest.files.map(({ name }) => name));
  const cache = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  const fetchFile = (name: string) =>
    fetchBytes(`${modelUrl}/files/${encodeURIComponent(name)}`, { file: name }, onBytes, signal);
  const fetchOnce = (name: string) => {
    const bytes = cache.get(name) ?? fetchFile(name);
    cache.set(name, bytes);
    return bytes;
  };
  const hub = manifest.hub === null ? null : hubFiles(manifest.hub, { openStore: browserStore, onBytes, signal });
  const source: FileSource = {
    async read(name) {
      if (!names.has(name)) return hub?.read(name);
      return isWeightsFile(name) ? fetchFile(name) : fetchOnce(name);
    },
    pathOf: (name) => name,
  };
  return { manifest, source, weightBytes: weightBytesOf(manifest) };
}

const browserStore = async () => createOpfsStore(await navigator.storage.getDirectory());

function weightBytesOf({ files, adapters, hub }: ModelManifest): number | null {
  if (adapters > 0 || hub !== null) return null;
  return files.reduce((sum, { name, bytes }) => sum + (isWeightsFile(name) ? bytes : 0), 0);
}

/**
 * If loading throws, nothing stays allocated. `frozen`: the weights will not change (see createModel), except by
 * merging adapters.
 */
export async function openModel(
  { manifest, source }: ModelDownload,
  backend: Backend,
  { frozen = false } = {},
): Promise<Model> {
  const keepsWeights = frozen && manifest.adapters === 0;
  let model = await loadModel(await readModelFiles(source), backend, { frozen: keepsWeights });
  for (let n = 0; n < manifest.adapters; n++) {
    const names = adapterFilesAt(n);
    const config: unknown = JSON.parse(new TextDecoder().decode(await source.read(names.config)));
    model = mergeAdapter(loadAdapter(model, { config, weights: (await source.read(names.weights))! }));
  }
  return model;
}
