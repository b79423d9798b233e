/**
 * The Web Worker that trains: it provides a run with this browser's devices and the server's files, and posts every
 * event to the page. It uses the trainer's public interface and does not know how results are stored.
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

/** The worker's global scope, which the DOM library types as a window. */
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
  // Each truncated prompt causes a note: only the first ones and the count are posted.
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
  /** The last checkpoint, kept in memory so that it survives the loss of the GPU. */
  let lastCheckpoint: Checkpoint | null = null;
  let canLoseDevice = false;
  return {
    // A real GPU if the browser has one, else the CPU; the page shows which one is used.
    async openBackend() {
      const backend = await createBackend();
      // Only a GPU can be lost, and the copy that this requires is three times the size of the model.
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
