/**
 * One run, wherever it happens: loads model and data, scores, trains, saves what was learnt, scores again, on one device
 * after the other until one lasts. A tab, a terminal and a server differ in their host and in what they do with the events.
 */
import type { Backend } from '../backends/backend';
import type { SnapshotRecord } from '../contract/record';
import type { RunEvaluation, RunEvent, RunPhase, RunScore, ScoreStage } from '../contract/run-event';
import type { TrainConfig } from '../contract/train-config';
import { pairwiseAccuracy } from '../infer/pairwise-accuracy';
import { scoreRecords } from '../infer/score-records';
import { type NamedFile, readKeptText, readModelText } from '../io/model-files';
import { trainedFiles } from '../io/trained-files';
import { trainedParameterCount } from '../model/adapter';
import type { Model } from '../model/model';
import type { Checkpoint } from '../train/checkpoint';
import { forecastTraining, readForecastInput, refuseUnlessFits } from '../train/forecast';
import { describeLoss, onFreshDevices } from '../train/fresh-devices';
import { chooseHeldOut } from '../train/held-out';
import { prepareModel, type TrainResult, train } from '../train/train';
import { type EventSink, eventStream, ReaderLeftError } from './event-stream';
import type { RunHost } from './run-host';

export interface RunOptions {
  readonly config: TrainConfig;
  /** Scores every response before and after the training; else only what the training measures by itself is known. */
  readonly scores: boolean;
  /** What a run that was stopped leaves: the model as it then is, or its checkpoint alone. */
  readonly stopped: 'model' | 'checkpoint';
  /** Of the weights that are saved. Default F32. */
  readonly dtype?: 'F32' | 'F16' | 'BF16';
}

/**
 * The run's events; the last one is 'done'. Throws what its host throws, and what loading, training and saving a model
 * throw. A stop is no failure. A reader that leaves ends the run; nothing is saved then.
 */
export function executeRun(host: RunHost, options: RunOptions): AsyncGenerator<RunEvent, void, undefined> {
  const leaving = new AbortController();
  const left = leaving.signal;
  const stop = AbortSignal.any([left, host.stop]);
  return eventStream<RunEvent>(
    (events) => runOnDevices({ host, options, events, left, stop }),
    () => leaving.abort(new ReaderLeftError()),
  );
}

interface Run {
  readonly host: RunHost;
  readonly options: RunOptions;
  readonly events: EventSink<RunEvent>;
  /** The reader has left. */
  readonly left: AbortSignal;
  /** The host stops the run, or the reader has left. */
  readonly stop: AbortSignal;
}

/** What a lost device cannot take along. */
interface Safe {
  before: readonly RunScore[] | null;
  /** Of the last checkpoint. */
  step: number | null;
}

async function runOnDevices(run: Run): Promise<void> {
  const { host, events } = run;
  const safe: Safe = { before: null, step: null };
  await onFreshDevices({
    open: () => host.openBackend(),
    run: (backend) => runOn(backend, run, safe),
    onLoss: (loss) => {
      const { step } = safe;
      events.send({ type: 'device-lost', step, note: describeLoss(loss, step ?? 0) });
    },
  });
}

/** Any other error is one, although the run was stopped before. */
const isReason = (error: unknown, signal: AbortSignal | undefined) => signal?.aborted && error === signal.reason;

async function runOn(backend: Backend, run: Run, safe: Safe): Promise<void> {
  const { host, options, events } = run;
  events.send({ type: 'backend', name: backend.name, description: backend.description });
  let loaded: Loaded;
  try {
    loaded = await load(run, backend, safe);
    if (options.scores) safe.before ??= await scoreBefore(loaded, run);
  } catch (error) {
    if (!isReason(error, host.stop)) throw error;
    // Stopped before the first step: nothing was learnt, so there is nothing to keep.
    events.send({ type: 'done', status: 'stopped', steps: 0, totalSteps: 0, evaluation: null, heldOutIds: [] });
    return;
  }
  phase(run, 'training');
  const result = await training(loaded, run, safe);
  await events.caughtUp();
  await host.saveCheckpoint(result.checkpoint, result.status);
  const done = (evaluation: RunEvaluation) => {
    const { status, steps, totalSteps, heldOutIds } = result;
    events.send({ type: 'done', status, steps, totalSteps, evaluation, heldOutIds });
  };
  if (result.status === 'stopped' && options.stopped === 'checkpoint') return done(result.evaluation);

  phase(run, 'saving');
  const files = await trainedFiles(loaded.model, loaded.keptText, { dtype: options.dtype });
  await events.caughtUp();
  await host.saveFiles(files);
  if (!options.scores) return done(result.evaluation);
  const { heldOut, training: seen } = evaluate(loaded, options.config, safe.before, await scoreAfter(loaded, run));
  done({ heldOut: { ...heldOut, before: heldOut.before ?? result.evaluation.heldOut.before }, training: seen });
}

interface Loaded {
  readonly model: Model;
  readonly records: readonly SnapshotRecord[];
  readonly heldOutIds: ReadonlySet<string>;
  /** The files of the model that training leaves as they are. */
  readonly keptText: readonly NamedFile[];
  readonly checkpoint: Checkpoint | null;
}

/** Where there is a checkpoint, a stop does not end this: the weights that it holds are learnt, and will be saved. */
async function load(run: Run, backend: Backend, safe: Safe): Promise<Loaded> {
  const { host, options, events, left, stop } = run;
  const { config } = options;
  phase(run, 'loading');
  let bytes = 0;
  let total = 0;
  const onBytes = (count: number) => {
    bytes += count;
    phase(run, 'loading', Math.min(bytes, total), total);
  };
  const checkpoint = await host.readCheckpoint(onBytes, left);
  safe.step = checkpoint?.state.step ?? null;
  const signal = checkpoint === null ? stop : left;
  const [found, records] = await Promise.all([host.findModel(onBytes, signal), host.readRecords(onBytes, signal)]);
  total = bytes + found.bytes;
  if (host.surveyDevice) {
    const input = readForecastInput(await readModelText(found.source), records, config, found.weightBytes);
    refuseUnlessFits(forecastTraining(input, config, await host.surveyDevice()));
  }
  const frozen = config.loraRank !== undefined;
  const model = prepareModel(await found.open(backend, { frozen }), config, found.name);
  events.send({ type: 'trains', parameters: trainedParameterCount(model) });
  const ids = records.map(({ id }) => id);
  return {
    model,
    records,
    heldOutIds: chooseHeldOut(ids, config.heldOutFraction, config.seed),
    keptText: model.adapter ? [] : await readKeptText(found.source),
    checkpoint,
  };
}

function training({ model, records, heldOutIds, checkpoint }: Loaded, run: Run, safe: Safe): Promise<TrainResult> {
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
      await events.caughtUp();
      await host.saveCheckpoint(taken, null);
      safe.step = taken.state.step;
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
  const told = scores.map((entry) => ({ ...entry, heldOut: heldOutIds.has(entry.promptId) }));
  run.events.send({ type: 'scores', stage, scores: told });
  return told;
}

/** Null where a run is stopped that has learnt something before, which it goes on to save. */
async function scoreBefore(loaded: Loaded, run: Run): Promise<readonly RunScore[] | null> {
  try {
    return await score(loaded, run, 'before', run.stop);
  } catch (error) {
    if (loaded.checkpoint !== null && isReason(error, run.host.stop)) return null;
    throw error;
  }
}

/** Null where somebody would not wait for them. */
async function scoreAfter(loaded: Loaded, run: Run): Promise<readonly RunScore[] | null> {
  const { skipScores } = run.host;
  try {
    return await score(loaded, run, 'after', skipScores ? AbortSignal.any([run.left, skipScores]) : run.left);
  } catch (error) {
    if (isReason(error, skipScores)) return null;
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
