import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { shareSchema } from './answer-fields';
import { promptCertaintySchema } from './certainty';
import { sharedMarkSchema } from './prompt-mark';

/** `count` of `prompts` prompts were judged faster than they can be read, or have all responses in one tier. */
export const workSignSchema = z.strictObject({
  kind: z.enum(['fast', 'singleTier']),
  count: countSchema,
  prompts: countSchema,
});
export type WorkSign = z.infer<typeof workSignSchema>;

/** One annotator's work as researchers see it. Shares are null when their denominator is 0. */
export const workRowSchema = z.strictObject({
  annotatorId: z.string(),
  name: z.string(),
  prompts: countSchema,
  medianActiveMs: z.number().min(0).nullable(),
  /** The share, among prompts with two or more placed responses, of those with all of them in one tier. */
  singleTierShare: shareSchema.nullable(),
  /** The share of all responses that were marked "can't judge". */
  cannotJudgeShare: shareSchema.nullable(),
  /** The number of prompts judged in less time than reading them takes; see `fastCharactersPerSecond`. */
  fast: countSchema,
  /** The share of the pairs of gold prompts that agree with the expected order. */
  goldShare: shareSchema.nullable(),
  goldPrompts: countSchema,
  skipped: countSchema,
  flagged: countSchema,
  /** Hints that the work is worth a look. */
  signs: z.array(workSignSchema),
});
export type WorkRow = z.infer<typeof workRowSchema>;
export const workReportSchema = z.strictObject({
  rows: z.array(workRowSchema),
  marks: z.array(sharedMarkSchema),
  /**
   * Languages of open prompts that too few annotators read; `readers` of `wanted`. There may be more prompts than are
   * counted where `isMore`.
   */
  languages: z.array(
    z.strictObject({
      language: z.string(),
      readers: countSchema,
      wanted: countSchema,
      prompts: countSchema,
      isMore: z.boolean(),
    }),
  ),
  /** Where the number of annotators adapts: how certain the prompts are that were judged last, the newest first. */
  certainties: z.array(
    promptCertaintySchema.extend({ promptId: promptIdSchema, externalId: externalPromptIdSchema, judged: countSchema }),
  ),
  fastCharactersPerSecond: z.number(),
});
export type WorkReport = z.infer<typeof workReportSchema>;
