/**
 * The Web Worker that trains: it gives a run this browser's devices, the server's files and a way to the page, which hears
 * all that happens. It knows the trainer's public door and nothing of how results are stored.
 */
import {
  type Checkpoint,
  createBackend,
  executeRun,
  parseCheckpoint,
  type RunHost,
  serializeCheckpoint,
  surveyDevice,
} from '@/trainer/index';
import { fetchBytes } from './fetch-with-progress';
import { findModel, openModel } from './load-model';
import { recordsOfSnapshot } from './snapshot-records';
import { failureOf } from './worker-failure';
import { CHECKPOINT_FILE, type RunFile, type WorkerEvent, type WorkerRequest } from './worker-messages';

type StartRequest = Extract<WorkerRequest, { type: 'start' }>;

/** What the worker's global scope offers; the DOM library types it as a window. */
const scope = self as unknown as {
  onmessage: ((message: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(event: WorkerEvent, transfer?: Transferable[]): void;
};

const stopRequested = new AbortController();
const skipping = new AbortController();

scope.onmessage = ({ data }) => {
  if (data.type === 'stop') stopRequested.abort();
  else if (data.type === 'skip-scores') skipping.abort();
  else void run(data).catch((error: unknown) => scope.postMessage({ type: 'error', failure: failureOf(error) }));
};

async function run(request: StartRequest): Promise<void> {
  // A thousand cut prompts are a thousand notes: the reader gets the first and a count.
  let notes = 0;
  const options = { config: request.config, scores: true, stopped: 'model' } as const;
  for await (const event of executeRun(createHost(request), options)) {
    if (event.type === 'note' && ++notes > 1) continue;
    if (event.type === 'phase' && event.phase === 'saving' && notes > 1) {
      scope.postMessage({ type: 'note', note: { key: 'train.moreNotes', values: { count: notes - 1 } } });
    }
    scope.postMessage(event);
  }
}

function createHost({ modelUrl, snapshotUrl, checkpointUrl, gpuBytes }: StartRequest): RunHost {
  /** What a lost GPU cannot take along. */
  let lastCheckpoint: Checkpoint | null = null;
  let canLoseDevice = false;
  return {
    // A real GPU where the browser offers one, else the CPU; the page shows which it became.
    async openBackend() {
      const backend = await createBackend();
      // Only a GPU can be lost, and a copy for that is the size of the model three times.
      canLoseDevice = backend.name === 'webgpu';
      return backend;
    },
    async findModel(onBytes, signal) {
      const download = await findModel(modelUrl, onBytes, signal);
      const { manifest, source, weightBytes } = download;
      return {
        name: manifest.name,
        source,
        bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
        weightBytes,
        open: (backend, options) => openModel(download, backend, options),
      };
    },
    readRecords: async (onBytes, signal) =>
      recordsOfSnapshot(await fetchBytes(snapshotUrl, 'snapshot', onBytes, signal)),
    async readCheckpoint(onBytes, signal) {
      if (lastCheckpoint === null && checkpointUrl !== null) {
        lastCheckpoint = parseCheckpoint(await fetchBytes(checkpointUrl, 'checkpoint', onBytes, signal));
      }
      return lastCheckpoint;
    },
    async saveCheckpoint(checkpoint, end) {
      if (canLoseDevice) lastCheckpoint = checkpoint;
      if (end === null) post({ name: CHECKPOINT_FILE, bytes: serializeCheckpoint(checkpoint) });
    },
    async saveFiles(files) {
      for (const file of files) post(file);
    },
    surveyDevice: () => surveyDevice({ gpuBytes }),
    stop: stopRequested.signal,
    skipScores: skipping.signal,
  };
}

function post(file: RunFile): void {
  scope.postMessage({ type: 'file', file }, [file.bytes.buffer]);
}
