/**
 * Plain language-model training on every token of prompts and responses, for making a model from scratch.
 * A prompt is packed once in front of all its responses; a sequence without responses is plain text.
 */

import { message } from '../contract/message';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { largestBlock, type PackedBlock, packPrompts, predictionCount, splitByBudget } from '../data/pack';
import { backward, forward } from '../model/llama';
import type { Model } from '../model/model';
import { type Checkpoint, restoreCheckpoint, takeCheckpoint } from './checkpoint';
import { checkPromptsFit, hashPrompts, TrainingDataError } from './data-checks';
import { epochOrder } from './epoch-order';
import { planMemory } from './memory';
import { DivergedError, Optimizer } from './optimizer';
import { learningRateAt } from './schedule';
import { createHostYield } from './yield-to-host';

export interface PretrainConfig {
  readonly learningRate: number;
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** Rows (tokens of a packed block) of one micro-batch, and micro-batches of one step. */
  readonly blockRows: number;
  readonly blocksPerStep: number;
  readonly weightDecay: number;
  readonly clipNorm: number;
  readonly seed: number;
  /** Steps between evaluations on the held-out sequences, and between checkpoints. 0: only after the last. */
  readonly evaluateEvery: number;
  readonly checkpointEvery: number;
}

export const defaultPretrainConfig: PretrainConfig = {
  learningRate: 2e-3,
  totalSteps: 1000,
  warmupSteps: 50,
  blockRows: 2048,
  blocksPerStep: 2,
  weightDecay: 0.1,
  clipNorm: 1,
  seed: 0,
  evaluateEvery: 100,
  checkpointEvery: 0,
};

export interface PretrainMetric {
  readonly step: number;
  readonly totalSteps: number;
  /** Mean negative log-probability per token, in nats. */
  readonly loss: number;
  readonly heldOutLoss?: number;
  readonly learningRate: number;
  readonly gradNorm: number;
  /** Tokens predicted in the step. */
  readonly tokens: number;
  readonly elapsedMs: number;
}

export interface PretrainOptions {
  /** Trained in place. */
  readonly model: Model;
  /** Pairs and target are not used and may be empty. */
  readonly sequences: readonly EncodedPrompt[];
  readonly heldOut?: readonly EncodedPrompt[];
  readonly config: PretrainConfig;
  readonly onMetric?: (metric: PretrainMetric) => void;
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
  readonly signal?: AbortSignal;
  readonly resumeFrom?: Checkpoint;
}

export interface PretrainResult {
  readonly status: 'finished' | 'stopped';
  readonly steps: number;
  readonly checkpoint: Checkpoint;
}

const packing = 'shared';

function blocksOf(sequences: readonly EncodedPrompt[], maxRows: number): EncodedPrompt[][] {
  return splitByBudget(sequences, { packing, maxRows, maxPrompts: Number.POSITIVE_INFINITY });
}

function pack(sequences: readonly EncodedPrompt[]): PackedBlock {
  return packPrompts(sequences, { packing, predictPrompt: true });
}

/** An endless sequence of blocks, in a new seeded order every epoch; a block is determined by its number. */
function* blockStream(sequences: readonly EncodedPrompt[], config: PretrainConfig): Generator<EncodedPrompt[], never> {
  for (let epoch = 0; ; epoch++) {
    yield* blocksOf(epochOrder(sequences, config.seed, epoch), config.blockRows);
  }
}

/** Mean negative log-probability per token, in nats, over all tokens of the sequences that can be predicted. */
export async function lossPerToken(
  model: Model,
  sequences: readonly EncodedPrompt[],
  { blockRows, signal }: { blockRows: number; signal?: AbortSignal },
): Promise<number> {
  const yieldToHost = createHostYield();
  let sum = 0;
  let tokens = 0;
  for (const group of blocksOf(sequences, blockRows)) {
    signal?.throwIfAborted();
    const block = pack(group);
    const logProbs = await model.backend.read(forward(model, block, { keep: false }).logProb, 0, block.targets.length);
    for (const value of logProbs) sum -= value;
    tokens += block.targets.length;
    await yieldToHost();
  }
  return sum / tokens;
}

/** Adds the gradient of the step's mean loss over its tokens; returns the summed loss of the group. */
async function accumulate(model: Model, optimizer: Optimizer, group: EncodedPrompt[], tokens: number): Promise<number> {
  const block = pack(group);
  const { logProb } = forward(model, block, { keep: true });
  backward(model, block, new Float32Array(block.targets.length).fill(-1 / tokens), optimizer.gradients);
  const logProbs = await model.backend.read(logProb, 0, block.targets.length);
  return -logProbs.reduce((sum, value) => sum + value, 0);
}

/** Throws TrainingDataError, DivergedError, CheckpointError, OutOfMemoryError. An abort is no error: 'stopped'. */
export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  const { model, config, signal, heldOut = [], onMetric, onCheckpoint } = options;
  const sequences = options.sequences.filter((sequence) => predictionCount(sequence, true) > 0);
  if (sequences.length === 0) throw new TrainingDataError(message('noSequences'));
  checkPromptsFit([...sequences, ...heldOut], model.config);
  const { totalSteps } = config;
  const identity = {
    kind: 'pretrain' as const,
    totalSteps,
    fingerprint: JSON.stringify([config, hashPrompts(sequences)]),
  };
  const budget = { packing, maxPrompts: Number.POSITIVE_INFINITY, maxRows: config.blockRows } as const;
  const need = largestBlock([...sequences, ...heldOut], { ...budget, predictPrompt: true });
  const { recompute, cacheLogits } = planMemory(model, need);
  const optimizer = new Optimizer(model, { ...config, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 });
  const checkpoint = () =>
    takeCheckpoint(model, optimizer, { ...identity, version: 1, step: optimizer.steps, before: null });
  const yieldToHost = createHostYield();
  const started = performance.now();
  try {
    if (options.resumeFrom) restoreCheckpoint(options.resumeFrom, model, optimizer, identity);
    model.workspace.reserve({ ...need, backward: true, recompute, cacheLogits });
    const blocks = blockStream(sequences, config);
    for (let skip = optimizer.steps * config.blocksPerStep; skip > 0; skip--) blocks.next();

    while (optimizer.steps < totalSteps) {
      const groups = Array.from({ length: config.blocksPerStep }, () => blocks.next().value);
      const tokens = groups.flat().reduce((sum, sequence) => sum + predictionCount(sequence, true), 0);
      optimizer.zeroGradients();
      let sum = 0;
      for (const group of groups) {
        if (signal?.aborted) return { status: 'stopped', steps: optimizer.steps, checkpoint: await checkpoint() };
        sum += await accumulate(model, optimizer, group, tokens);
        await yieldToHost();
      }
      const step = optimizer.steps + 1;
      if (!Number.isFinite(sum)) throw new DivergedError(message('meanLossNotFinite', { step }));
      const learningRate = learningRateAt(step, { ...config, peak: config.learningRate, floor: 0.1 });
      const gradNorm = await optimizer.step(learningRate);
      const due = (every: number) => step === totalSteps || (every > 0 && step % every === 0);
      const metric = { step, totalSteps, loss: sum / tokens, learningRate, gradNorm, tokens };
      const heldOutLoss =
        heldOut.length > 0 && due(config.evaluateEvery)
          ? { heldOutLoss: await lossPerToken(model, heldOut, { blockRows: config.blockRows }) }
          : {};
      onMetric?.({ ...metric, ...heldOutLoss, elapsedMs: performance.now() - started });
      if (onCheckpoint && due(config.checkpointEvery)) await onCheckpoint(await checkpoint());
    }
    return { status: 'finished', steps: optimizer.steps, checkpoint: await checkpoint() };
  } finally {
    optimizer.dispose();
  }
}
