/**
 * One training step of a whole model: forward, backward, AdamW, and the interface of an implementation under
 * comparison.
 */
import type { EncodedPrompt } from '../data/encoded-prompt';
import { seededRandom } from '../data/seeded-random';
import type { ModelConfig } from '../model/config';
import { initialWeights, type NamedArrays, parameterShapes } from '../model/parameters';
import type { Timing } from './timing';

const common = {
  maxPositions: 2048,
  normEpsilon: 1e-5,
  ropeTheta: 10_000,
  tieEmbeddings: true,
  bosId: null,
  eosIds: [] as number[],
};

/** Shapes of published models; weights are random, since speed does not depend on them. */
export const MODELS: Readonly<Record<string, ModelConfig>> = {
  '15M': {
    ...common,
    vocabSize: 32_000,
    dim: 288,
    hiddenDim: 768,
    layers: 6,
    heads: 6,
    kvHeads: 6,
    headDim: 48,
  },
  '135M': {
    ...common,
    vocabSize: 49_152,
    dim: 576,
    hiddenDim: 1536,
    layers: 30,
    heads: 9,
    kvHeads: 3,
    headDim: 64,
  },
};

export interface StepProblem {
  readonly config: ModelConfig;
  readonly weights: NamedArrays;
  readonly batch: number;
  readonly length: number;
  /** [batch * (length + 1)]: each row's inputs are its first `length` tokens, its targets the ones after. */
  readonly tokens: Int32Array;
  readonly learningRate: number;
}

export function makeStepProblem(config: ModelConfig, batch = 4, length = 128): StepProblem {
  const random = seededRandom(1);
  const tokens = Int32Array.from({ length: batch * (length + 1) }, () => Math.floor(random() * config.vocabSize));
  return { config, weights: initialWeights(config, 1), batch, length, tokens, learningRate: 1e-3 };
}

/** The same rows as prompts of one token with one response: nothing but L_sft, every token predicted. */
export function asPrompts({ tokens, batch, length }: StepProblem): EncodedPrompt[] {
  return Array.from({ length: batch }, (_, b) => {
    const row = [...tokens.subarray(b * (length + 1), (b + 1) * (length + 1))];
    const response = { id: 'r', ids: row.slice(1), lengthExponent: 1 };
    return { id: String(b), promptIds: row.slice(0, 1), responses: [response], pairs: [], target: 0 };
  });
}

/**
 * Floating-point operations that a step must do: a matrix multiplies every token once forward and twice backward, and
 * causal attention has two products over pairs of positions. What an implementation computes twice does not count.
 */
export function stepFlops({ config, batch, length }: StepProblem): number {
  let matrices = 0;
  for (const shape of parameterShapes(config).values()) if (shape.length === 2) matrices += shape[0]! * shape[1]!;
  const pairs = (batch * length * (length + 1)) / 2;
  const attention = config.layers * 2 * config.heads * config.headDim * pairs;
  return 3 * 2 * (batch * length * matrices + attention);
}

export interface StepImplementation {
  readonly name: string;
  /** One step; `loss` is the mean negative log-probability per token before its update. */
  run(): Promise<Timing & { loss: number }>;
  /** `times` products of two square matrices, each `size` rows. */
  multiply(size: number, times: number): Promise<Timing>;
  close(): void | Promise<void>;
}
