/** Schemas of answers about runs. */
import { nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, externalResponseIdSchema } from '@/trainer/contract/ids';
import { messageSchema } from '@/trainer/contract/message-schema';
import { countSchema } from '@/trainer/contract/numbers';
import { runEvaluationSchema, runMetricSchema } from '@/trainer/contract/run-event';
import { runStatuses } from '@/trainer/contract/run-status';
import { storedTrainConfigSchema } from '@/trainer/contract/train-config';
import { timeSchema } from './answer-fields';

export const runStatusSchema = z.enum([...runStatuses, 'interrupted']);

export const runSummarySchema = z.strictObject({
  id: z.uuid(),
  /** The run's number in its project, from 1. */
  number: countSchema,
  projectId: z.uuid(),
  snapshotId: z.uuid(),
  snapshotName: z.string(),
  modelId: z.string(),
  modelName: z.string(),
  /** The stored config, possibly of a program version with other limits. */
  config: storedTrainConfigSchema,
  status: runStatusSchema,
  backend: z.string().nullable(),
  trainedParameters: z.int().nullable(),
  step: countSchema,
  totalSteps: countSchema,
  evaluation: runEvaluationSchema.nullable(),
  /** The failure in English; `failure` is the same as a translatable message. */
  error: z.string().nullable(),
  failure: messageSchema.nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  heartbeatAt: timeSchema.nullable(),
  finishedAt: timeSchema.nullable(),
});
export type RunSummary = z.infer<typeof runSummarySchema>;

export const sentRunFileSchema = z.strictObject({ name: z.string(), sha256: z.string(), bytes: z.int().min(0) });
export const storedRunFileSchema = sentRunFileSchema.extend({ createdAt: timeSchema });

/** GET /api/runs/:id */
export const runAnswerSchema = z.strictObject({
  run: runSummarySchema,
  metrics: z.array(runMetricSchema),
  evaluation: runEvaluationSchema.nullable(),
  files: z.array(storedRunFileSchema),
  /** The model that the run's files form, once it has ended with weights. */
  trainedModelId: z.string().nullable(),
});
export type RunAnswer = z.infer<typeof runAnswerSchema>;

/** Newest first. */
export const runsAnswerSchema = z.strictObject({ runs: z.array(runSummarySchema), next: nextSchema });
export type RunsAnswer = z.infer<typeof runsAnswerSchema>;
export const createdRunAnswerSchema = z.strictObject({ run: runSummarySchema });
export type CreatedRunAnswer = z.infer<typeof createdRunAnswerSchema>;

/** 'stopped' tells the worker that somebody stopped the run elsewhere. */
export const reportedRunSchema = z.strictObject({ status: runStatusSchema });
export type ReportedRun = z.infer<typeof reportedRunSchema>;
export const finishedRunSchema = z.strictObject({
  status: runStatusSchema,
  /** The trained model, if the run has one. */
  modelId: z.string().nullable(),
});
export type FinishedRun = z.infer<typeof finishedRunSchema>;
export const storedScoresSchema = z.strictObject({ stored: countSchema });
export type StoredScores = z.infer<typeof storedScoresSchema>;

/**
 * A response with its human tier, and its scores and ranks before and after training. Ranks start at 1; ties share the
 * best.
 */
export const rerankedResponseSchema = z.strictObject({
  responseId: externalResponseIdSchema,
  text: z.string(),
  source: z.string(),
  tier: countSchema.nullable(),
  before: z.number().nullable(),
  after: z.number().nullable(),
  rankBefore: z.int().min(1).nullable(),
  rankAfter: z.int().min(1).nullable(),
});
export type RerankedResponse = z.infer<typeof rerankedResponseSchema>;
export const rerankedPromptSchema = z.strictObject({
  promptId: externalPromptIdSchema,
  /** The last user message. */
  text: z.string(),
  heldOut: z.boolean(),
  responses: z.array(rerankedResponseSchema),
});
export type RerankedPrompt = z.infer<typeof rerankedPromptSchema>;
export const rerankAnswerSchema = z.strictObject({
  prompts: z.array(rerankedPromptSchema),
  /** The number of the snapshot's prompts. */
  total: countSchema,
  /** Tier names, best first. */
  tiers: z.array(z.string()),
});
export type RerankAnswer = z.infer<typeof rerankAnswerSchema>;
