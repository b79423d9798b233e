/**
 * The Web Worker that trains: fetches model and snapshot, scores, trains, scores again, and hands everything to the
 * page. It knows the trainer's public door and nothing of how results are stored.
 */

import type { Message } from '@/trainer/contract/message';
import type { SnapshotRecord } from '@/trainer/contract/record';
import type { RunPhase, RunScore } from '@/trainer/contract/run-event';
import {
  type Backend,
  type Checkpoint,
  chooseHeldOut,
  createBackend,
  describeLoss,
  forecastTraining,
  type Model,
  type NamedFile,
  onFreshDevices,
  pairwiseAccuracy,
  parseCheckpoint,
  prepareModel,
  readForecastInput,
  readKeptText,
  readModelText,
  refuseUnlessFits,
  scoreRecords,
  serializeCheckpoint,
  surveyDevice,
  train,
  trainedParameterCount,
} from '@/trainer/index';
import { type Fetched, fetchBytes } from './fetch-with-progress';
import { findModel, openModel } from './load-model';
import { recordsOfSnapshot } from './snapshot-records';
import { trainedFiles } from './trained-files';
import { failureOf } from './worker-failure';
import { CHECKPOINT_FILE, type WorkerEvent, type WorkerRequest } from './worker-messages';

type StartRequest = Extract<WorkerRequest, { type: 'start' }>;

/** What the worker's global scope offers; the DOM library types it as a window. */
const scope = self as unknown as {
  onmessage: ((message: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(event: WorkerEvent, transfer?: Transferable[]): void;
};

const stopping = new AbortController();
const skipping = new AbortController();

scope.onmessage = ({ data }) => {
  if (data.type === 'stop') stopping.abort();
  else if (data.type === 'skip-scores') skipping.abort();
  else void run(data).catch((error: unknown) => scope.postMessage({ type: 'error', failure: failureOf(error) }));
};

/** What a lost GPU cannot take along. */
interface Safe {
  before: RunScore[] | null;
  checkpoint: Checkpoint | null;
}

async function run(request: StartRequest): Promise<void> {
  const safe: Safe = { before: null, checkpoint: null };
  const notes = collectNotes();
  await onFreshDevices({
    // A real GPU where the browser offers one, else the CPU; the page shows which it became.
    open: () => createBackend(),
    run: (backend) => runOn(backend, request, safe, notes),
    onLoss: (loss) => {
      scope.postMessage({ type: 'note', note: describeLoss(loss, safe.checkpoint?.state.step ?? 0) });
    },
  });
}

async function runOn(backend: Backend, request: StartRequest, safe: Safe, notes: Notes): Promise<void> {
  const { config } = request;
  scope.postMessage({ type: 'backend', name: backend.name, description: backend.description });
  let loaded: Loaded;
  try {
    loaded = await load(request, backend);
    if (safe.before === null) {
      safe.before = await score(loaded, request, 'scoring-before', stopping.signal);
      scope.postMessage({ type: 'scores', stage: 'before', scores: safe.before });
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    // Stopped before the first step: nothing was learnt, so there is nothing to keep.
    scope.postMessage({ type: 'done', status: 'stopped', evaluation: null });
    return;
  }
  const { before } = safe;
  const { model, records, heldOutIds, checkpoint } = loaded;
  safe.checkpoint ??= checkpoint;
  // Only a GPU can be lost, and a copy for that is the size of the model three times.
  const keep = (taken: Checkpoint) => {
    if (backend.name === 'webgpu') safe.checkpoint = taken;
  };
  phase('training');
  const result = await train({
    model,
    records,
    config,
    heldOutIds,
    signal: stopping.signal,
    resumeFrom: safe.checkpoint ?? undefined,
    onNote: notes.add,
    onMetric: ({ totalSteps, tokens, ...metric }) =>
      scope.postMessage({ type: 'metric', metric, totalSteps, tokens: metric.step === 0 ? null : tokens }),
    onCheckpoint: (taken) => {
      keep(taken);
      const bytes = serializeCheckpoint(taken);
      scope.postMessage({ type: 'checkpoint', step: taken.state.step, file: { name: CHECKPOINT_FILE, bytes } }, [
        bytes.buffer,
      ]);
    },
  });
  keep(result.checkpoint);
  notes.tell();

  phase('saving');
  const files = await trainedFiles(model, loaded.keptText);
  scope.postMessage(
    { type: 'weights', files },
    files.map(({ bytes }) => bytes.buffer),
  );

  let after: RunScore[] | null = null;
  try {
    after = await score(loaded, request, 'scoring-after', skipping.signal);
    scope.postMessage({ type: 'scores', stage: 'after', scores: after });
  } catch (error) {
    if (!skipping.signal.aborted) throw error;
  }
  const accuracies = (heldOut: boolean) => {
    const judged = records.filter(({ id }) => heldOutIds.has(id) === heldOut);
    const accuracy = (scores: readonly RunScore[] | null) => {
      if (scores === null) return null;
      const { interval, ...rest } = pairwiseAccuracy(judged, scores, { seed: config.seed });
      return { ...rest, interval: interval === null ? null : ([...interval] as [number, number]) };
    };
    return { before: accuracy(before), after: accuracy(after) };
  };
  const evaluation = { heldOut: accuracies(true), training: accuracies(false) };
  scope.postMessage({ type: 'done', status: result.status, evaluation });
}

interface Loaded {
  readonly model: Model;
  readonly records: readonly SnapshotRecord[];
  readonly heldOutIds: ReadonlySet<string>;
  /** The files of the model that training leaves as they are. */
  readonly keptText: readonly NamedFile[];
  /** The server's, of a run that was interrupted. */
  readonly checkpoint: Checkpoint | null;
}

async function load(
  { modelUrl, snapshotUrl, checkpointUrl, config, gpuBytes }: StartRequest,
  backend: Backend,
): Promise<Loaded> {
  phase('loading');
  let bytes = 0;
  let total = 0;
  const onBytes = (count: number) => {
    bytes += count;
    phase('loading', Math.min(bytes, total), total);
  };
  const get = (url: string, what: Fetched) => fetchBytes(url, what, onBytes, stopping.signal);
  const [download, snapshot, checkpoint] = await Promise.all([
    findModel(modelUrl, onBytes, stopping.signal),
    get(snapshotUrl, 'snapshot'),
    checkpointUrl === null ? null : get(checkpointUrl, 'checkpoint'),
  ]);
  total = bytes + download.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const records = recordsOfSnapshot(snapshot);
  // Before the weights are fetched: what cannot fit is not begun.
  const input = readForecastInput(await readModelText(download.source), records, config, download.weightBytes);
  refuseUnlessFits(forecastTraining(input, config, await surveyDevice({ gpuBytes })));
  const frozen = config.loraRank !== undefined;
  const model = prepareModel(await openModel(download, backend, { frozen }), config, download.manifest.name);
  scope.postMessage({ type: 'trains', parameters: trainedParameterCount(model) });
  const ids = records.map(({ id }) => id);
  return {
    model,
    records,
    heldOutIds: chooseHeldOut(ids, config.heldOutFraction, config.seed),
    keptText: await readKeptText(download.source),
    checkpoint: checkpoint === null ? null : parseCheckpoint(checkpoint),
  };
}

async function score(
  { model, records, heldOutIds }: Loaded,
  { config }: StartRequest,
  name: 'scoring-before' | 'scoring-after',
  signal: AbortSignal,
): Promise<RunScore[]> {
  phase(name, 0, records.length);
  const scores = await scoreRecords({
    model,
    records,
    lengthExponents: { human: config.lambdaHuman, model: config.lambdaModel },
    packing: config.packing,
    maxLength: config.maxLength,
    signal,
    onProgress: ({ done, total }) => phase(name, done, total),
  });
  return scores.map((entry) => ({ ...entry, heldOut: heldOutIds.has(entry.promptId) }));
}

function phase(name: RunPhase, done = 0, total = 0): void {
  scope.postMessage({ type: 'phase', phase: name, done, total });
}

type Notes = ReturnType<typeof collectNotes>;

/** A thousand cut prompts are a thousand notes: the reader gets the first and a count. */
function collectNotes() {
  let notes = 0;
  return {
    add: (note: Message) => {
      notes++;
      if (notes === 1) scope.postMessage({ type: 'note', note });
    },
    tell: () => {
      if (notes > 1)
        scope.postMessage({ type: 'note', note: { key: 'train.moreNotes', values: { count: notes - 1 } } });
    },
  };
}
