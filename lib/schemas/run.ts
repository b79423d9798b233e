import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { messageSchema } from '@/trainer/contract/message-schema';
import { runEvaluationSchema, runMetricSchema, runScoreSchema, scoreStages } from '@/trainer/contract/run-event';
import { runEnds } from '@/trainer/contract/run-status';
import { trainConfigSchema } from '@/trainer/contract/train-config';
import { issueKey } from './issue';

export const createRunRequestSchema = z.strictObject({
  snapshotId: z.uuid(),
  modelId: z.string().min(1).max(100),
  config: trainConfigSchema.prefault({}),
});
export type CreateRunRequest = z.infer<typeof createRunRequestSchema>;

/** A heartbeat with the metrics since the last one; a step that is sent again is replaced. */
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
export const runScoresRequestSchema = z.strictObject({
  stage: z.enum(scoreStages),
  scores: z.array(runScoreSchema).max(MAX_SCORES_PER_REQUEST),
});
export type RunScoresRequest = z.infer<typeof runScoresRequestSchema>;

export const runFinishSchema = z.strictObject({
  status: z.enum(runEnds),
  evaluation: runEvaluationSchema.nullable().optional(),
  /** The failure in English. */
  error: z.string().max(4000).optional(),
  /** The same failure as a translatable message. */
  failure: messageSchema.optional(),
});
export type RunFinish = z.infer<typeof runFinishSchema>;

/** File names of a run: one path segment that does not start with a dot. */
export const runFileNameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/, issueKey('runFileName'));
/** A checkpoint contains the weights and both optimizer moments, which is 4 GiB for 360M parameters. */
export const MAX_RUN_FILE_BYTES = 8 * 2 ** 30;
