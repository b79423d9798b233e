/**
 * The worker that inspects models before they are added (their small files and the headers of their weights), and
 * downloads from the hub.
 */
import { failureOf } from '@/components/train/worker-failure';
import { BrowserError } from '@/components/ui/browser-error';
import { formatsOf } from '@/components/ui/format';
import { configFile } from '@/trainer/contract/model-files';
import {
  checkModel,
  createOpfsStore,
  downloadModel,
  openHubFolder,
  type PeekableSource,
  parseHubAddress,
} from '@/trainer/index';
import type { ModelAnswer, ModelRequest, PickedFile } from './worker-messages';

// The page's language does not matter, since units and digits are the same in all of them.
const { bytesInWords } = formatsOf('en');

/** How often a download says how far it is. */
const PROGRESS_INTERVAL_MS = 100;

const scope = self as unknown as {
  onmessage: ((message: MessageEvent<ModelRequest>) => void) | null;
  postMessage(answer: ModelAnswer): void;
};

scope.onmessage = ({ data }) => {
  const work = data.type === 'check' ? check(data.files) : download(data.address);
  work.then(
    () => scope.postMessage({ type: 'done' }),
    (error: unknown) => scope.postMessage({ type: 'error', failure: failureOf(error) }),
  );
};

async function check(files: readonly PickedFile[]): Promise<void> {
  const { files: needed, bytes, parameters } = await checkModel(pickedSource(files));
  scope.postMessage({ type: 'found', model: { files: needed, bytes, parameters, address: null, config: null } });
}

function pickedSource(picked: readonly PickedFile[]): PeekableSource {
  const files = new Map(picked.map(({ name, file }) => [name, file]));
  const start = async (name: string, bytes?: number) => {
    const file = files.get(name);
    return file && new Uint8Array(await file.slice(0, bytes).arrayBuffer());
  };
  return {
    pathOf: (name) => name,
    read: (name) => start(name),
    size: async (name) => files.get(name)?.size,
    readStart: async (name, bytes) => (await start(name, bytes)) ?? new Uint8Array(),
  };
}

async function download(text: string): Promise<void> {
  const { address, source } = await openHubFolder(parseHubAddress(text));
  const { files, bytes, parameters } = await checkModel(source);
  const config = JSON.parse(new TextDecoder().decode(await source.read(configFile))) as Record<string, unknown>;
  const pinned = `${address.origin}/${address.repo}/tree/${address.revision}`;
  scope.postMessage({ type: 'found', model: { files, bytes, parameters, address: pinned, config } });
  const store = createOpfsStore(await storageFor(bytes));
  const received = new Map<string, number>();
  // Chunks are small, so progress is posted at intervals; the last of a pause is posted, too.
  let report: ReturnType<typeof setTimeout> | undefined;
  const reportProgress = () => {
    report = undefined;
    const sum = [...received.values()].reduce((total, count) => total + count, 0);
    scope.postMessage({ type: 'progress', received: sum });
  };
  try {
    await downloadModel({
      address,
      store,
      onProgress: ({ file, received: bytes }) => {
        received.set(file, bytes);
        report ??= setTimeout(reportProgress, PROGRESS_INTERVAL_MS);
      },
    });
  } finally {
    clearTimeout(report);
  }
}

/** The browser's own storage. @throws BrowserError when there is none, or not enough space */
async function storageFor(bytes: number): Promise<FileSystemDirectoryHandle> {
  if (typeof navigator.storage?.getDirectory !== 'function') {
    throw new BrowserError('noLargeFiles');
  }
  const { quota = Number.POSITIVE_INFINITY, usage = 0 } = await navigator.storage.estimate();
  if (quota - usage < bytes) {
    throw new BrowserError('noRoom', { needed: bytesInWords(bytes), left: bytesInWords(quota - usage) });
  }
  return navigator.storage.getDirectory();
}
