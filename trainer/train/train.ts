/**
 * Fine-tuning on a snapshot: L = L_sft + alpha * L_rank, averaged over the prompts of a step, AdamW.
 * Betas are 0.9 and 0.999 (the published setting for fine-tuning); pretraining uses 0.95, see pretrain.ts.
 */

import { type Message, message } from '../contract/message';
import type { SnapshotRecord } from '../contract/record';
import type { Accuracy, MemoryEstimate, RunMetric } from '../contract/run-event';
import type { TrainConfig } from '../contract/train-config';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { hashString } from '../data/hash-string';
import { packPrompts, splitByBudget } from '../data/pack';
import { type JudgedRecord, pairwiseAccuracy } from '../infer/pairwise-accuracy';
import { defaultMaxRows, encodeRecords, scorePrompts } from '../infer/score-records';
import { blockLoss } from '../loss/block-loss';
import { attachAdapter, initialAdapter } from '../model/adapter';
import { backward, forward } from '../model/llama';
import { type MixedPrecision, mixedPrecision } from '../model/mixed-precision';
import type { Model } from '../model/model';
import { type BlockBudget, planBlocks } from './block-plan';
import { type Checkpoint, restoreCheckpoint, takeCheckpoint } from './checkpoint';
import { checkPromptsFit, hashPrompts, hashWeights, splitPrompts } from './data-checks';
import { planMemory } from './memory';
import { DivergedError, Optimizer } from './optimizer';
import { type PlannedStep, planTraining } from './plan';
import { learningRateAt } from './schedule';
import { adapterConfigOf, TrainConfigError, usesMixedPrecision } from './train-config';
import { createHostYield } from './yield-to-host';

/** Time between checkpoints: how much work a crash or a lost device may cost. */
const CHECKPOINT_MS = 600_000;

/** Step 0 is reported only where the accuracy before training is defined. */
export interface TrainMetric extends RunMetric {
  readonly totalSteps: number;
  /** Tokens processed in this step. */
  readonly tokens: number;
}

interface Hooks {
  readonly onMetric?: (metric: TrainMetric) => void;
  /** At the end of each epoch and every ten minutes between, or every `checkpointEvery` steps. */
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
  readonly checkpointEvery?: number;
  /** Called with the estimated memory before it is allocated. */
  readonly onMemory?: (estimate: MemoryEstimate) => void;
  /** Called with notes on the data. */
  readonly onNote?: (note: Message) => void;
  /** Stops the training between micro-batches, with the weights trained so far. */
  readonly signal?: AbortSignal;
  readonly resumeFrom?: Checkpoint;
  /** Ids of the prompts that training never sees. Default: chosen by the config's heldOutFraction and seed. */
  readonly heldOutIds?: Iterable<string>;
  /** Most rows of a micro-batch: larger batches are split, with the same result. */
  readonly maxRows?: number;
}

export interface TrainOptions extends Hooks {
  /** Trained in place; where the config asks for an adapter, the model of `prepareModel`. */
  readonly model: Model;
  readonly records: readonly SnapshotRecord[];
  readonly config: TrainConfig;
}

export interface TrainPromptsOptions extends Hooks {
  readonly model: Model;
  readonly prompts: readonly EncodedPrompt[];
  readonly config: TrainConfig;
}

export interface TrainResult {
  readonly status: 'finished' | 'stopped';
  readonly steps: number;
  readonly totalSteps: number;
  readonly heldOutIds: readonly string[];
  /** `after` is null when the training was stopped; both are null without held-out prompts. */
  readonly evaluation: { readonly heldOut: { readonly before: Accuracy | null; readonly after: Accuracy | null } };
  /** The state to resume from. */
  readonly checkpoint: Checkpoint;
}

/**
 * Trains on records. Throws NoTokenizerError, PromptTooLongError, TrainingDataError (nothing to train on),
 * DivergedError, CheckpointError, OutOfMemoryError. An abort is not an error: the result is 'stopped'.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const { model, records, config, onNote } = options;
  const lengthExponents = { human: config.lambdaHuman, model: config.lambdaModel };
  const prompts = encodeRecords(model, records, { lengthExponents, maxLength: config.maxLength, onNote });
  return trainPrompts({ ...options, prompts });
}

function judged({ id, responses, pairs }: EncodedPrompt): JudgedRecord {
  return {
    id,
    pairs: pairs.map((p) => ({ chosen: responses[p.chosen]!.id, rejected: responses[p.rejected]!.id })),
  };
}

/**
 * The model to train under a config: with a new, seeded adapter where the config asks for one, else the model itself.
 * `baseModel`: the name or folder that the adapter records as its base.
 */
export function prepareModel(model: Model, config: TrainConfig, baseModel: string | null = null): Model {
  const adapter = adapterConfigOf(config, baseModel);
  return adapter ? attachAdapter(model, adapter, initialAdapter(model.config, adapter, config.seed)) : model;
}

/** As `train`, on prompts that are already encoded. */
export async function trainPrompts(options: TrainPromptsOptions): Promise<TrainResult> {
  const { model, config, onNote, onMetric, onCheckpoint, checkpointEvery = 0, signal } = options;
  if (config.loraRank !== model.adapter?.config.rank) {
    throw new TrainConfigError('the config and the model disagree about an adapter: prepareModel gives the model one');
  }
  checkPromptsFit(options.prompts, model.config);
  const { training, heldOut, heldOutIds, notes } = splitPrompts(options.prompts, config, options.heldOutIds);
  for (const note of notes) onNote?.(note);
  const plan = planTraining(training, config);
  const { totalSteps } = plan;
  const warmupSteps = Math.round(config.warmupRatio * totalSteps);
  // Memory is allocated once, for the largest micro-batch and the largest evaluation block, so that it is flat from the
  // start.
  const { backend } = model;
  const takesHalf = backend.allocHalf !== undefined;
  const mixed = usesMixedPrecision(config, model.config, { takesHalf, prefersHalf: backend.prefersHalf === true });
  const maxRows = options.maxRows ?? defaultMaxRows(model.config, mixed);
  const blocks = planBlocks({ training, heldOut }, config, maxRows);
  const { training: budget, evaluation: evaluationBudget, need } = blocks;
  const identity = {
    kind: 'train' as const,
    totalSteps,
    fingerprint: await fingerprintOf(model, config, training),
  };

  const evaluate = async (): Promise<Accuracy | null> => {
    if (heldOut.length === 0) return null;
    const scores = await scorePrompts(model, heldOut, { ...evaluationBudget, signal });
    return pairwiseAccuracy(heldOut.map(judged), scores, { seed: config.seed });
  };
  const nullIfStopped = (error: unknown): null => {
    if (signal?.aborted && error === signal.reason) return null;
    throw error;
  };
  if (mixed) onNote?.(message('mixedPrecision'));
  else if (config.precision === 'mixed') onNote?.(message('noMixedPrecision'));
  const { estimate, recompute, cacheLogits } = planMemory(model, need, mixed);
  options.onMemory?.(estimate);
  if (recompute) onNote?.(message('computedTwice'));
  const optimizer = new Optimizer(model, { ...config, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  let before: Accuracy | null = null;
  const finish = async (after: Accuracy | null): Promise<TrainResult> => ({
    status: optimizer.steps === totalSteps ? 'finished' : 'stopped',
    steps: optimizer.steps,
    totalSteps,
    heldOutIds,
    evaluation: { heldOut: { before, after } },
    checkpoint: await checkpoint(),
  });
  const checkpoint = () => takeCheckpoint(model, optimizer, { ...identity, version: 1, step: optimizer.steps, before });
  const yieldToHost = createHostYield();
  const betweenBlocks = async () => {
    await yieldToHost();
    signal?.throwIfAborted();
  };
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  let lastCheckpoint = started;
  const checkpointDue = ({ step, lastOfEpoch }: PlannedStep) =>
    checkpointEvery > 0
      ? step % checkpointEvery === 0
      : lastOfEpoch || performance.now() - lastCheckpoint >= CHECKPOINT_MS;

  let mixedModel: MixedPrecision | null = null;
  try {
    if (options.resumeFrom) {
      restoreCheckpoint(options.resumeFrom, model, optimizer, identity);
      before = options.resumeFrom.state.before;
    }
    if (mixed) mixedModel = mixedPrecision(model);
    const passModel = mixedModel?.passes ?? model;
    passModel.workspace.reserve({ ...need, backward: true, recompute, cacheLogits });
    if (mixedModel) model.workspace.reserve({ ...need, backward: false });
    if (!options.resumeFrom) {
      before = await evaluate();
      if (before?.accuracy != null) onMetric?.(startMetric(totalSteps, before.accuracy, elapsed()));
    }
    let after = optimizer.steps === totalSteps ? await evaluate() : null;
    if (optimizer.steps < totalSteps)
      await compileStep(passModel, optimizer, plan.at(optimizer.steps + 1).prompts, budget);
    while (optimizer.steps < totalSteps) {
      const planned = plan.at(optimizer.steps + 1);
      optimizer.zeroGradients();
      const sums = await accumulate(passModel, optimizer, planned, { config, budget, betweenBlocks });
      const learningRate = learningRateAt(planned.step, { peak: config.learningRate, warmupSteps, totalSteps });
      const gradNorm = await optimizer.step(learningRate);
      mixedModel?.refresh();
      // The step is complete even when a stop comes now: it is reported, without the accuracy.
      if (planned.lastOfEpoch) after = await evaluate().catch(nullIfStopped);
      onMetric?.({
        step: planned.step,
        totalSteps,
        epoch: planned.step / plan.stepsPerEpoch,
        ...sums,
        learningRate,
        gradNorm,
        heldOutAccuracy: planned.lastOfEpoch ? (after?.accuracy ?? null) : null,
        elapsedMs: elapsed(),
      });
      if (onCheckpoint && planned.step < totalSteps && checkpointDue(planned)) {
        await onCheckpoint(await checkpoint());
        lastCheckpoint = performance.now();
      }
    }
    return await finish(after);
  } catch (error) {
    return await finish(nullIfStopped(error));
  } finally {
    optimizer.dispose();
    mixedModel?.dispose();
    // Scoring has larger blocks and would otherwise grow the buffers of the backward pass, too.
    model.workspace.release();
  }
}

/**
 * A fingerprint, equal for trainings that may resume one another. It covers the frozen weights under an adapter, which
 * a checkpoint does not contain.
 */
async function fingerprintOf(model: Model, config: TrainConfig, training: readonly EncodedPrompt[]): Promise<string> {
  const parts: unknown[] = [config, hashPrompts(training)];
  if (model.adapter) parts.push(model.adapter.config.targets, await hashWeights(model));
  return JSON.stringify(parts);
}

function startMetric(totalSteps: number, heldOutAccuracy: number, elapsedMs: number): TrainMetric {
  const nothing = { sftLoss: null, rankLoss: null, loss: null, learningRate: null, gradNorm: null };
  return { step: 0, totalSteps, epoch: 0, ...nothing, heldOutAccuracy, tokens: 0, elapsedMs };
}

/** Compiles the kernels of a training step ahead, where the device compiles. */
async function compileStep(
  model: Model,
  optimizer: Optimizer,
  prompts: readonly EncodedPrompt[],
  budget: BlockBudget,
): Promise<void> {
  const [group] = splitByBudget(prompts, budget);
  const block = packPrompts(group!, { packing: budget.packing });
  await model.backend.prepare?.(() => {
    forward(model, block, { keep: true, dropoutSeed: 0 });
    backward(model, block, new Float32Array(block.targets.length), optimizer.gradients, { dropoutSeed: 0 });
  });
}

interface AccumulateOptions {
  readonly config: TrainConfig;
  /** Limits of a micro-batch. */
  readonly budget: BlockBudget;
  /** Awaited before every micro-batch; what it throws ends the step. */
  readonly betweenBlocks: () => Promise<void>;
}

/** Adds up the gradient of the step's mean loss, micro-batch by micro-batch. */
async function accumulate(
  model: Model,
  optimizer: Optimizer,
  { prompts, step }: PlannedStep,
  { config, budget, betweenBlocks }: AccumulateOptions,
): Promise<{ sftLoss: number; rankLoss: number; loss: number; tokens: number }> {
  let sft = 0;
  let rank = 0;
  let tokens = 0;
  for (const [micro, group] of splitByBudget(prompts, budget).entries()) {
    await betweenBlocks();
    const block = packPrompts(group, { packing: budget.packing });
    const dropoutSeed = hashString(`${step}:${micro}`, config.seed);
    const { logProb } = forward(model, block, { keep: true, dropoutSeed });
    const logProbs = await model.backend.read(logProb, 0, block.targets.length);
    const { losses, coefficients } = blockLoss(group, block, logProbs, config, 1 / prompts.length);
    losses.forEach((loss, i) => {
      if (!Number.isFinite(loss.loss)) {
        throw new DivergedError(message('lossNotFinite', { step, prompt: group[i]!.id }));
      }
      sft += loss.sft;
      rank += loss.rank;
    });
    backward(model, block, coefficients, optimizer.gradients, { dropoutSeed });
    tokens += block.ids.length;
  }
  const sftLoss = sft / prompts.length;
  const rankLoss = rank / prompts.length;
  return { sftLoss, rankLoss, loss: sftLoss + config.alpha * rankLoss, tokens };
}
