/** What a training is configured with. Equal configs on equal data and models give equal trainings. */
import * as z from 'zod';

export const trainConfigSchema = z.object({
  /** Weight of the ranking loss. */
  alpha: z.number().min(0).default(0.1),
  margin: z.number().min(0).default(0),
  reduction: z.enum(['sum', 'mean']).default('sum'),
  /** Length exponents by source. */
  lambdaHuman: z.number().default(1),
  lambdaModel: z.number().default(0.85),
  /** Peak, after warm-up. */
  learningRate: z.number().positive().default(5e-4),
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
  /** Tokens of a prompt with a response; longer ones are cut. Absent: the context, and longer ones are refused. */
  maxLength: z.int().min(8).optional(),
});

export type TrainConfig = z.infer<typeof trainConfigSchema>;

export class TrainConfigError extends Error {
  override readonly name = 'TrainConfigError';
}

/** Fills in defaults. Throws TrainConfigError naming the field. */
export function parseTrainConfig(input: unknown): TrainConfig {
  const parsed = trainConfigSchema.safeParse(input ?? {});
  if (!parsed.success) throw new TrainConfigError(`the training config: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
