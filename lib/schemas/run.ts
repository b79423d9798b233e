import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { messageSchema } from '@/trainer/contract/message-schema';
import { usualLearningRate } from '@/trainer/contract/usual-rate';
import { issueKey } from './issue';

/** The linear layers that a LoRA adapter can stand beside, in the order of the forward pass; as the trainer's. */
export const adapterLayers = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
const layer = `(?:${adapterLayers.join('|')})`;

/**
 * What a run is trained with: the trainer's TrainConfig, with the defaults, limits and words that the page shows.
 * Equal configs on equal snapshots and models give equal runs, so everything that changes numbers stands here.
 */
export const runConfigFields = z
  .strictObject({
    alpha: z.number().min(0).max(100).default(0.1).describe('Weight of the ranking loss beside the supervised loss.'),
    margin: z
      .number()
      .min(0)
      .max(100)
      .default(0)
      .describe('How far a better response must lead before it costs nothing.'),
    reduction: z.enum(['sum', 'mean']).default('sum').describe("How the pairs' hinge losses of a prompt are combined."),
    lambdaHuman: z.number().min(0).max(2).default(1).describe('Length exponent of the scores of human responses.'),
    lambdaModel: z.number().min(0).max(2).default(0.85).describe("Length exponent of the scores of models' responses."),
    learningRate: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('Peak learning rate, after warm-up; default: what is usual for what is trained.'),
    epochs: z.int().min(1).max(1000).default(3).describe('Passes over the training prompts.'),
    batchSize: z.int().min(1).max(256).default(4).describe('Prompts in one forward and backward pass.'),
    accumulation: z.int().min(1).max(256).default(1).describe('Batches whose gradients make one optimizer step.'),
    warmupRatio: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe('Share of the steps over which the rate rises from 0.'),
    weightDecay: z.number().min(0).max(1).default(0.01).describe("AdamW's decoupled weight decay."),
    clipNorm: z.number().min(0).max(1000).default(1).describe('Largest gradient norm; 0 switches clipping off.'),
    seed: z.int().min(0).max(0xffffffff).default(1).describe('Seed of the shuffles and of the held-out choice.'),
    heldOutFraction: z.number().min(0).max(0.9).default(0.2).describe('Share of the prompts that training never sees.'),
    packing: z
      .enum(['shared', 'naive'])
      .default('shared')
      .describe("Whether a prompt's responses share one copy of the prompt; the numbers are the same."),
    maxLength: z
      .int()
      .min(8)
      .max(1_000_000)
      .optional()
      .describe("Tokens a prompt and its responses may take; default: the model's context."),
    loraRank: z
      .int()
      .min(1)
      .max(512)
      .optional()
      .describe('Rank of a LoRA adapter, which is then all that is trained; absent: the whole model is.'),
    loraAlpha: z
      .number()
      .positive()
      .max(4096)
      .optional()
      .describe("The adapter's output counts alpha / rank; default: twice the rank."),
    loraDropout: z.number().min(0).max(0.9).optional().describe("Share of the adapter's inputs dropped in training."),
    loraTargets: z
      .string()
      .regex(new RegExp(`^${layer}(?:,${layer})*$`), issueKey('layerNames'))
      .optional()
      .describe('The layers that get an adapter; default: all linear ones.'),
  })
  .refine(
    ({ loraRank, loraAlpha, loraDropout, loraTargets }) =>
      loraRank !== undefined || [loraAlpha, loraDropout, loraTargets].every((value) => value === undefined),
    { path: ['loraRank'], message: issueKey('rankNeeded') },
  );

/** A config with everything said that changes numbers. */
export const runConfigSchema = runConfigFields.transform((config) => ({
  ...config,
  learningRate: config.learningRate ?? usualLearningRate(config),
}));

export type RunConfig = z.infer<typeof runConfigSchema>;
export type RunConfigInput = z.input<typeof runConfigSchema>;

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
  config: runConfigSchema.prefault({}),
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
/** Ids are external ids as in the snapshot's records. */
export const runScoresRequestSchema = z.strictObject({
  stage: z.enum(['before', 'after']),
  scores: z
    .array(
      z.strictObject({
        promptId: z.string().min(1).max(200),
        responseId: z.string().min(1).max(200),
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
  responseId: string;
  text: string;
  source: string;
  tier: number | null;
  before: number | null;
  after: number | null;
  rankBefore: number | null;
  rankAfter: number | null;
}
export interface RerankedPrompt {
  promptId: string;
  /** The last user message. */
  text: string;
  heldOut: boolean;
  responses: RerankedResponse[];
}
