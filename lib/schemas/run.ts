import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import type { ExternalPromptId, ExternalResponseId } from '@/trainer/contract/ids';
import { messageSchema } from '@/trainer/contract/message-schema';
import { trainConfigSchema } from '@/trainer/contract/train-config';
import { issueKey } from './issue';

export const runStatuses = ['created', 'running', 'stopped', 'finished', 'failed'] as const;
/** A running run silent for this long reads as 'interrupted'. */
export const INTERRUPTED_AFTER_MS = 60_000;
export type StoredRunStatus = (typeof runStatuses)[number];
/** What readers see: 'interrupted' is derived from the heartbeat and never stored. */
export type RunStatus = StoredRunStatus | 'interrupted';

const finite = z.number().refine(Number.isFinite, issueKey('finite'));

/** One optimizer step's numbers; step 0 holds the evaluation before training. null: not measured at this step. */
export const runMetricSchema = z.strictObject({
  step: z.int().min(0).max(100_000_000),
  epoch: finite.min(0),
  sftLoss: finite.nullable(),
  rankLoss: finite.nullable(),
  loss: finite.nullable(),
  learningRate: finite.nullable(),
  gradNorm: finite.nullable(),
  heldOutAccuracy: finite.min(0).max(1).nullable(),
  elapsedMs: finite.min(0),
});
export type RunMetric = z.infer<typeof runMetricSchema>;

/** Pairwise ranking accuracy with its bootstrap interval by prompt; accuracy is null where there are no pairs. */
export const accuracySchema = z.strictObject({
  accuracy: finite.min(0).max(1).nullable(),
  pairs: z.int().min(0),
  prompts: z.int().min(0),
  /** 95 % interval; null where it is undefined (no pairs, or one prompt only). */
  interval: z.tuple([finite, finite]).nullable(),
});
export type Accuracy = z.infer<typeof accuracySchema>;

/** What a run says at its end: accuracy on held-out prompts and on those trained on, before and after. */
export const runEvaluationSchema = z.strictObject({
  heldOut: z.strictObject({ before: accuracySchema.nullable(), after: accuracySchema.nullable() }),
  training: z.strictObject({ before: accuracySchema.nullable(), after: accuracySchema.nullable() }).optional(),
});
export type RunEvaluation = z.infer<typeof runEvaluationSchema>;

export const createRunRequestSchema = z.strictObject({
  snapshotId: z.uuid(),
  modelId: z.string().min(1).max(100),
  config: trainConfigSchema.prefault({}),
});
export type CreateRunRequest = z.infer<typeof createRunRequestSchema>;

/** A heartbeat with the metrics since the last one; sending the same step again replaces it. */
export const runReportSchema = z.strictObject({
  status: z.literal('running').optional(),
  backend: z.string().min(1).max(200).optional(),
  /** How many parameters the run changes: all of the model's, or those of its adapter. */
  trainedParameters: z.int().min(1).optional(),
  step: z.int().min(0).max(100_000_000),
  totalSteps: z.int().min(0).max(100_000_000),
  metrics: z.array(runMetricSchema).max(2000).default([]),
});
export type RunReport = z.infer<typeof runReportSchema>;

export const MAX_SCORES_PER_REQUEST = 2000;
const externalPromptId: z.ZodType<ExternalPromptId, string> = z.string().min(1).max(200);
const externalResponseId: z.ZodType<ExternalResponseId, string> = z.string().min(1).max(200);
export const runScoresRequestSchema = z.strictObject({
  stage: z.enum(['before', 'after']),
  scores: z
    .array(
      z.strictObject({
        promptId: externalPromptId,
        responseId: externalResponseId,
        score: finite,
        heldOut: z.boolean(),
      }),
    )
    .max(MAX_SCORES_PER_REQUEST),
});
export type RunScoresRequest = z.infer<typeof runScoresRequestSchema>;

export const runFinishSchema = z.strictObject({
  status: z.enum(['finished', 'stopped', 'failed']),
  evaluation: runEvaluationSchema.nullable().optional(),
  /** In English. */
  error: z.string().max(4000).optional(),
  /** The same in any language. */
  failure: messageSchema.optional(),
});
export type RunFinish = z.infer<typeof runFinishSchema>;

/** File names of a run: one path segment, nothing hidden. */
export const runFileNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/, issueKey('runFileName'));
/** A checkpoint holds the weights three times: of 360M parameters, 4 GiB. */
export const MAX_RUN_FILE_BYTES = 8 * 2 ** 30;

/** A prompt's responses by score before and after beside the human tiers. Ranks count from 1; ties share the best. */
export interface RerankedResponse {
  responseId: ExternalResponseId;
  text: string;
  source: string;
  tier: number | null;
  before: number | null;
  after: number | null;
  rankBefore: number | null;
  rankAfter: number | null;
}
export interface RerankedPrompt {
  promptId: ExternalPromptId;
  /** The last user message. */
  text: string;
  heldOut: boolean;
  responses: RerankedResponse[];
}
