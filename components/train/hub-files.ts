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
 * A hub's model, from a store of this browser's own. Its small files come over the network until the whole of it is
 * there; it is downloaded, or the rest of it, when its weights are asked for.
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
  /** Without a connection, a model that is there in whole needs none: what it lacks, it does not have. */
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
