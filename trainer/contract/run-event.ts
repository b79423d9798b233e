/** What happens in a run, for whoever follows it: its steps, its scores, and its end. */
import './without-compiling';
import * as z from 'zod';
import { storedExternalPromptIdSchema, storedExternalResponseIdSchema } from './ids';
import type { Message } from './message';

/** One optimizer step's numbers; step 0 holds the evaluation before training. null: not measured at this step. */
export const runMetricSchema = z.strictObject({
  step: z.int().min(0).max(100_000_000),
  /** Passes over the data so far, in fractions. */
  epoch: z.number().min(0),
  /** Means over the step's prompts, so that loss = sftLoss + alpha * rankLoss. */
  sftLoss: z.number().nullable(),
  rankLoss: z.number().nullable(),
  loss: z.number().nullable(),
  learningRate: z.number().nullable(),
  /** Before clipping. */
  gradNorm: z.number().nullable(),
  /** Pairwise ranking accuracy; it is measured at the end of each epoch. */
  heldOutAccuracy: z.number().min(0).max(1).nullable(),
  elapsedMs: z.number().min(0),
});
export type RunMetric = z.infer<typeof runMetricSchema>;

/** Pairwise ranking accuracy: how often a model's scores put the better response of a pair above the worse. */
export const accuracySchema = z.strictObject({
  /** Over pairs; null when there are none. */
  accuracy: z.number().min(0).max(1).nullable(),
  pairs: z.int().min(0),
  /** Prompts with at least one pair. */
  prompts: z.int().min(0),
  /** 95 % percentile interval of a bootstrap over prompts; null with fewer than two prompts. */
  interval: z.tuple([z.number(), z.number()]).readonly().nullable(),
});
export type Accuracy = z.infer<typeof accuracySchema>;

const beforeAndAfter = z.strictObject({ before: accuracySchema.nullable(), after: accuracySchema.nullable() });

/** The evaluation at the end of a run: accuracy on held-out prompts and on training prompts, before and after. */
export const runEvaluationSchema = z.strictObject({ heldOut: beforeAndAfter, training: beforeAndAfter.optional() });
export type RunEvaluation = z.infer<typeof runEvaluationSchema>;

/** Before training, or after it. */
export const scoreStages = ['before', 'after'] as const;
export type ScoreStage = (typeof scoreStages)[number];

/** Ids are those of the snapshot's records. */
export const runScoreSchema = z.strictObject({
  promptId: storedExternalPromptIdSchema,
  responseId: storedExternalResponseIdSchema,
  /** Length-normalised log-probability. */
  score: z.number(),
  heldOut: z.boolean(),
});
export type RunScore = z.infer<typeof runScoreSchema>;

/** In the order in which a run goes through them. */
export type RunPhase = 'loading' | 'scoring-before' | 'training' | 'saving' | 'scoring-after';

/** A run's events, in order. A run that fails throws instead of ending. */
export type RunEvent =
  /** `name` is 'wasm' or 'webgpu', `description` is for people. Sent again after a device was lost. */
  | { readonly type: 'backend'; readonly name: string; readonly description: string }
  /** `done` of `total` in this phase; total 0 while unknown. */
  | { readonly type: 'phase'; readonly phase: RunPhase; readonly done: number; readonly total: number }
  /** The number of parameters that this run trains. */
  | { readonly type: 'trains'; readonly parameters: number }
  /** Estimated memory of the training on the device, in bytes, before it is allocated. */
  | { readonly type: 'memory'; readonly estimate: MemoryEstimate }
  /** Something to know about the data or the run. */
  | { readonly type: 'note'; readonly note: Message }
  /** The device was lost. The run continues on another one after `step`, or from the beginning where `step` is null. */
  | { readonly type: 'device-lost'; readonly step: number | null; readonly note: Message }
  /** `tokens` were processed in this step; null where none were. */
  | {
      readonly type: 'metric';
      readonly metric: RunMetric;
      readonly totalSteps: number;
      readonly tokens: number | null;
    }
  | { readonly type: 'scores'; readonly stage: ScoreStage; readonly scores: readonly RunScore[] }
  /** A checkpoint is stored: the run could be resumed after this step. */
  | { readonly type: 'checkpoint'; readonly step: number }
  | {
      readonly type: 'done';
      readonly status: 'finished' | 'stopped';
      readonly steps: number;
      readonly totalSteps: number;
      /** null where nothing was trained. */
      readonly evaluation: RunEvaluation | null;
      readonly heldOutIds: readonly string[];
    };

/** Bytes. */
export interface MemoryEstimate {
  /** The model's, an adapter's, and in mixed precision the f16 copies. */
  readonly weights: number;
  readonly gradients: number;
  /** Both moments. */
  readonly optimizer: number;
  /** Activations and gradients of activations for the largest block. */
  readonly activations: number;
  readonly total: number;
}
