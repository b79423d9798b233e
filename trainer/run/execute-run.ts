/**
 * Executes a run: loads model and data, scores, trains, saves the weights, and scores again, continuing on another
 * device where one is lost. A tab, a terminal and a server differ in their host and in how they use the events.
 */
import type { Backend } from '../backends/backend';
import type { SnapshotRecord } from '../contract/record';
import type { RunEvaluation, RunEvent, RunPhase, RunScore, ScoreStage } from '../contract/run-event';
import type { TrainConfig } from '../contract/train-config';
import { pairwiseAccuracy } from '../infer/pairwise-accuracy';
import { scoreRecords } from '../infer/score-records';
import { type NamedFile, readModelText, readUnchangedText } from '../io/model-files';
import { trainedFiles } from '../io/trained-files';
import { trainedParameterCount } from '../model/adapter';
import type { Model } from '../model/model';
import type { Checkpoint } from '../train/checkpoint';
import { describeDeviceLoss, withDeviceRecovery } from '../train/device-recovery';
import { checkTrainingFits, forecastTraining, readForecastInput } from '../train/forecast';
import { heldOutRecords } from '../train/held-out';
import { prepareModel, type TrainResult, train } from '../train/train';
import { type EventSink, eventStream, ReaderLeftError } from './event-stream';
import type { RunHost } from './run-host';

export interface RunOptions {
  readonly config: TrainConfig;
  /** Score every response before and after training. Otherwise only the metrics of the training are known. */
  readonly scores: boolean;
  /** What a stopped run saves: the model as it is then, or its checkpoint alone. */
  readonly stopped: 'model' | 'checkpoint';
  /** Type of the saved weights. Default F32. */
  readonly dtype?: 'F32' | 'F16' | 'BF16';
}

/**
 * Executes a run and yields its events; the last one is 'done'. Throws what the host throws, and the errors of loading,
 * training and saving a model. A stop is not an error. A reader that leaves ends the run; nothing is saved then.
 */
export function executeRun(host: RunHost, options: RunOptions): AsyncGenerator<RunEvent, void, undefined> {
  const leaving = new AbortController();
  const readerLeft = leaving.signal;
  const stop = AbortSignal.any([readerLeft, host.stop]);
  return eventStream<RunEvent>(
    (events) => runOnDevices({ host, options, events, readerLeft, stop }),
    () => leaving.abort(new ReaderLeftError()),
  );
}

interface Run {
  readonly host: RunHost;
  readonly options: RunOptions;
  readonly events: EventSink<RunEvent>;
  /** Aborted when the reader leaves. */
  readonly readerLeft: AbortSignal;
  /** Aborted when the host stops the run or the reader leaves. */
  readonly stop: AbortSignal;
}

/** State that survives the loss of a device. */
interface RecoveryState {
  before: readonly RunScore[] | null;
  /** Step of the last checkpoint. */
  step: number | null;
}

async function runOnDevices(run: Run): Promise<void> {
  const { host, events } = run;
  const recovery: RecoveryState = { before: null, step: null };
  await withDeviceRecovery({
    open: () => host.openBackend(),
    run: (backend) => runOn(backend, run, recovery),
    onLoss: (loss) => {
      const { step } = recovery;
      events.send({ type: 'device-lost', step, note: describeDeviceLoss(loss, step ?? 0) });
    },
  });
}

/** Whether the error is the abort itself; any other error counts, even after the run was stopped. */
const isAbort = (error: unknown, signal: AbortSignal | undefined) => signal?.aborted && error === signal.reason;

async function runOn(backend: Backend, run: Run, recovery: RecoveryState): Promise<void> {
  const { host, options, events } = run;
  events.send({ type: 'backend', name: backend.name, description: backend.description });
  let loaded: Loaded;
  try {
    loaded = await load(run, backend, recovery);
    if (options.scores) recovery.before ??= await scoreBefore(loaded, run);
  } catch (error) {
    if (!isAbort(error, host.stop)) throw error;
    // Stopped before the first step: nothing was trained, so nothing is saved.
    events.send({ type: 'done', status: 'stopped', steps: 0, totalSteps: 0, evaluation: null, heldOutIds: [] });
    return;
  }
  phase(run, 'training');
  const result = await training(loaded, run, recovery);
  await events.drained();
  await host.saveCheckpoint(result.checkpoint, result.status);
  const done = (evaluation: RunEvaluation) => {
    const { status, steps, totalSteps, heldOutIds } = result;
    events.send({ type: 'done', status, steps, totalSteps, evaluation, heldOutIds });
  };
  if (result.status === 'stopped' && options.stopped === 'checkpoint') return done(result.evaluation);

  phase(run, 'saving');
  const files = await trainedFiles(loaded.model, loaded.unchangedText, { dtype: options.dtype });
  await events.drained();
  await host.saveFiles(files);
  if (!options.scores) return done(result.evaluation);
  const { heldOut, training: seen } = evaluate(loaded, options.config, recovery.before, await scoreAfter(loaded, run));
  done({ heldOut: { ...heldOut, before: heldOut.before ?? result.evaluation.heldOut.before }, training: seen });
}

interface Loaded {
  readonly model: Model;
  readonly records: readonly SnapshotRecord[];
  readonly heldOutIds: ReadonlySet<string>;
  /** Files of the model that training does not change. */
  readonly unchangedText: readonly NamedFile[];
  readonly checkpoint: Checkpoint | null;
}

/** Loads model and data. With a checkpoint, a stop does not end this: its trained weights are still to be saved. */
async function load(run: Run, backend: Backend, recovery: RecoveryState): Promise<Loaded> {
  const { host, options, events, readerLeft, stop } = run;
  const { config } = options;
  phase(run, 'loading');
  let bytes = 0;
  let total = 0;
  const onBytes = (count: number) => {
    bytes += count;
    phase(run, 'loading', Math.min(bytes, total), total);
  };
  const checkpoint = await host.readCheckpoint(onBytes, readerLeft);
  recovery.step = checkpoint?.state.step ?? null;
  const signal = checkpoint === null ? stop : readerLeft;
  const [found, records] = await Promise.all([host.findModel(onBytes, signal), host.readRecords(onBytes, signal)]);
  total = bytes + found.bytes;
  if (host.surveyDevice) {
    const input = readForecastInput(await readModelText(found.source), records, config, found.weightBytes);
    checkTrainingFits(forecastTraining(input, config, await host.surveyDevice()));
  }
  const frozen = config.loraRank !== undefined;
  const model = prepareModel(await found.open(backend, { frozen }), config, found.name);
  events.send({ type: 'trains', parameters: trainedParameterCount(model) });
  return {
    model,
    records,
    heldOutIds: heldOutRecords(records, config.heldOutFraction, config.seed),
    unchangedText: model.adapter ? [] : await readUnchangedText(found.source),
    checkpoint,
  };
}

function training(
  { model, records, heldOutIds, checkpoint }: Loaded,
  run: Run,
  recovery: RecoveryState,
): Promise<TrainResult> {
  const { host, options, events, stop } = run;
  return train({
    model,
    records,
    config: options.config,
    heldOutIds,
    signal: stop,
    resumeFrom: checkpoint ?? undefined,
    onMemory: (estimate) => events.send({ type: 'memory', estimate }),
    onNote: (note) => events.send({ type: 'note', note }),
    onMetric: ({ totalSteps, tokens, ...metric }) =>
      events.send({ type: 'metric', metric, totalSteps, tokens: metric.step === 0 ? null : tokens }),
    async onCheckpoint(taken) {
      await events.drained();
      await host.saveCheckpoint(taken, null);
      recovery.step = taken.state.step;
      events.send({ type: 'checkpoint', step: taken.state.step });
    },
  });
}

async function score(
  { model, records, heldOutIds }: Loaded,
  run: Run,
  stage: ScoreStage,
  signal: AbortSignal,
): Promise<readonly RunScore[]> {
  const { config } = run.options;
  phase(run, `scoring-${stage}`, 0, records.length);
  const scores = await scoreRecords({
    model,
    records,
    lengthExponents: { human: config.lambdaHuman, model: config.lambdaModel },
    packing: config.packing,
    maxLength: config.maxLength,
    signal,
    onProgress: ({ done, total }) => phase(run, `scoring-${stage}`, done, total),
  });
  const runScores = scores.map((entry) => ({ ...entry, heldOut: heldOutIds.has(entry.promptId) }));
  run.events.send({ type: 'scores', stage, scores: runScores });
  return runScores;
}

/** Null where a run is stopped that resumed from a checkpoint: it goes on to save those weights. */
async function scoreBefore(loaded: Loaded, run: Run): Promise<readonly RunScore[] | null> {
  try {
    return await score(loaded, run, 'before', run.stop);
  } catch (error) {
    if (loaded.checkpoint !== null && isAbort(error, run.host.stop)) return null;
    throw error;
  }
}

/** Null where the scores were skipped. */
async function scoreAfter(loaded: Loaded, run: Run): Promise<readonly RunScore[] | null> {
  const { skipScores } = run.host;
  try {
    return await score(
      loaded,
      run,
      'after',
      skipScores ? AbortSignal.any([run.readerLeft, skipScores]) : run.readerLeft,
    );
  } catch (error) {
    if (isAbort(error, skipScores)) return null;
    throw error;
  }
}

function evaluate(
  { records, heldOutIds }: Loaded,
  { seed }: TrainConfig,
  before: readonly RunScore[] | null,
  after: readonly RunScore[] | null,
): RunEvaluation {
  const accuracies = (heldOut: boolean) => {
    const judged = records.filter(({ id }) => heldOutIds.has(id) === heldOut);
    const accuracy = (scores: readonly RunScore[] | null) =>
      scores === null ? null : pairwiseAccuracy(judged, scores, { seed });
    return { before: accuracy(before), after: accuracy(after) };
  };
  return { heldOut: accuracies(true), training: accuracies(false) };
}

function phase({ events }: Run, name: RunPhase, done = 0, total = 0): void {
  events.send({ type: 'phase', phase: name, done, total });
}
