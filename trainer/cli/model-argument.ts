/** Resolves --model: a folder, or the address of a model on a hub, which is downloaded into the cache. */
import { join } from 'node:path';
import { createDiskStore } from '../io/disk-store';
import { looksLikeAddress, parseHubAddress } from '../io/hub-address';
import { downloadModel } from '../io/hub-download';
import { cacheFolder } from './cache-folder';
import type { CommandIo } from './command-line';
import { ProgressBar } from './progress-bar';

export interface ModelArgument {
  readonly dir: string;
  /** The base that an adapter records: the folder as given, or the hub's owner/name. */
  readonly baseModel: string;
}

/** Downloads the model if necessary, with a progress bar. Throws HubError, or the signal's reason. */
export async function resolveModel(value: string, io: CommandIo, signal?: AbortSignal): Promise<ModelArgument> {
  if (!looksLikeAddress(value)) return { dir: value, baseModel: value };
  const address = parseHubAddress(value);
  const root = join(cacheFolder(), 'models');
  const bars = new Map<string, ProgressBar>();
  const folder = await downloadModel({
    address,
    store: createDiskStore(root),
    signal,
    onProgress({ file, received, total }) {
      const bar = bars.get(file) ?? new ProgressBar(file, io.stderr);
      bars.set(file, bar);
      if (total !== null && total > 0) bar.update(received, total);
    },
  });
  return { dir: join(root, folder), baseModel: address.repo };
}
