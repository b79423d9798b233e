import { isWeightsFile } from '@/trainer/contract/model-files';
import {
  type DownloadProgress,
  downloadModel,
  type FileSource,
  folderInStore,
  hubSource,
  isWholeInStore,
  type ModelStore,
  parseHubAddress,
  storeSource,
} from '@/trainer/index';

/**
 * The files of a hub model, cached in this browser. Small files are fetched from the network until the model is
 * complete in the cache; the missing files are downloaded when the weights are first requested.
 */
export function hubFiles(
  text: string,
  {
    openStore,
    onBytes,
    signal,
  }: { openStore: () => Promise<ModelStore>; onBytes: (count: number) => void; signal: AbortSignal },
): FileSource {
  const address = parseHubAddress(text);
  const remote = hubSource(address, signal);
  const opened = openStore().then((store) => ({ store, local: storeSource(store, folderInStore(address)) }));
  let last = { file: '', received: 0 };
  const onProgress = ({ file, received }: DownloadProgress) => {
    if (file === last.file) onBytes(received - last.received);
    last = { file, received };
  };
  /** Lets a complete model be used offline: a file that is missing from it does not exist on the hub either. */
  const undefinedIfComplete = async (store: ModelStore, error: unknown): Promise<undefined> => {
    if (!(await isWholeInStore(store, address))) throw error;
  };
  let isComplete: Promise<unknown> | null = null;
  return {
    pathOf: remote.pathOf,
    async read(name) {
      const { store, local } = await opened;
      if (!isWeightsFile(name)) {
        const stored = await local.read(name);
        return stored ?? remote.read(name).catch((error) => undefinedIfComplete(store, error));
      }
      isComplete ??= downloadModel({ address, store, onProgress, signal });
      await isComplete;
      return local.read(name);
    },
  };
}
