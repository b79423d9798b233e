/** What a training is configured with. Equal configs on equal data and models give equal trainings. */
import * as z from 'zod';
import { inEnglish } from '../contract/english';
import { listedIssues } from '../contract/issues';
import { usualLearningRate } from '../contract/usual-rate';
import { type AdapterConfig, type AdapterTarget, adapterTargets, parseTargets } from '../model/adapter-config';
import type { ModelConfig } from '../model/config';
import { allowsMixedPrecision } from '../model/mixed-precision';

export const trainConfigSchema = z.object({
  /** Weight of the ranking loss. */
  alpha: z.number().min(0).default(0.1),
  margin: z.number().min(0).default(0),
  reduction: z.enum(['sum', 'mean']).default('sum'),
  /** Length exponents by source. */
  lambdaHuman: z.number().default(1),
  lambdaModel: z.number().default(0.85),
  /** Peak, after warm-up. Absent: what is usual for what is trained. */
  learningRate: z.number().positive().optional(),
  epochs: z.int().min(1).default(3),
  /** Prompts of a micro-batch, and micro-batches of an optimizer step. */
  batchSize: z.int().min(1).default(4),
  accumulation: z.int().min(1).default(1),
  /** Share of the steps. */
  warmupRatio: z.number().min(0).max(1).default(0.05),
  weightDecay: z.number().min(0).default(0.01),
  /** 0: no clipping. */
  clipNorm: z.number().min(0).default(1),
  seed: z.int().min(0).default(1),
  heldOutFraction: z.number().min(0).max(0.9).default(0.2),
  packing: z.enum(['shared', 'naive']).default('shared'),
  /**
   * 'mixed': f16 for kept activations and for what products read of the weights. Absent: mixed on GPUs that have f16.
   * Where it cannot be, in a model with odd widths or on the CPU, all is f32.
   */
  precision: z.enum(['f32', 'mixed']).optional(),
  /** Tokens of a prompt with a response; longer ones are cut. Absent: the context, and longer ones are refused. */
  maxLength: z.int().min(8).optional(),
  /** Rank of a LoRA adapter, which is then all that is trained. Absent: the whole model is. */
  loraRank: z.int().min(1).optional(),
  /** The adapter's output is scaled by alpha / rank. Absent: twice the rank. */
  loraAlpha: z.number().positive().optional(),
  /** Names of the layers that get one, with commas between. Absent: all linear layers. */
  loraTargets: z.string().optional(),
  /** Share of the adapter's inputs that are dropped in training. Absent: none. */
  loraDropout: z.number().min(0).lt(1).optional(),
});

export type TrainConfig = Omit<z.infer<typeof trainConfigSchema>, 'learningRate'> & { readonly learningRate: number };

export class TrainConfigError extends Error {
  override readonly name = 'TrainConfigError';
}

/** Fills in defaults. Throws TrainConfigError naming the field. */
export function parseTrainConfig(input: unknown): TrainConfig {
  const parsed = trainConfigSchema.safeParse(input ?? {});
  if (!parsed.success) throw new TrainConfigError(`the training config: ${inEnglish(listedIssues(parsed.error))}`);
  const { loraRank, loraAlpha, loraTargets, loraDropout } = parsed.data;
  if (loraRank === undefined && [loraAlpha, loraTargets, loraDropout].some((value) => value !== undefined)) {
    throw new TrainConfigError('the training config: loraAlpha, loraTargets and loraDropout need a loraRank');
  }
  if (loraTargets !== undefined) targetsOf(loraTargets);
  return { ...parsed.data, learningRate: parsed.data.learningRate ?? usualLearningRate(parsed.data) };
}

function targetsOf(text: string | undefined): readonly AdapterTarget[] {
  if (text === undefined) return adapterTargets;
  try {
    return parseTargets(text.split(',').map((name) => name.trim()));
  } catch (error) {
    throw new TrainConfigError(`the training config: loraTargets: ${(error as Error).message}`);
  }
}

/** Whether a training is one of mixed precision: where it is asked for, or the device is better off, and it can be. */
export function isMixed(
  { precision }: TrainConfig,
  model: ModelConfig,
  { takesHalf, prefersHalf }: { readonly takesHalf: boolean; readonly prefersHalf: boolean },
): boolean {
  const wanted = precision === undefined ? prefersHalf : precision === 'mixed';
  return wanted && takesHalf && allowsMixedPrecision(model);
}

/** The adapter that a config trains; null: the whole model. `baseModel`: name or folder, for people. */
export function adapterConfigOf(
  { loraRank, loraAlpha, loraTargets, loraDropout }: TrainConfig,
  baseModel: string | null = null,
): AdapterConfig | null {
  if (loraRank === undefined) return null;
  return {
    rank: loraRank,
    alpha: loraAlpha ?? 2 * loraRank,
    rankStabilized: false,
    targets: targetsOf(loraTargets),
    dropout: loraDropout ?? 0,
    baseModel,
  };
}
