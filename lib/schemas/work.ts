import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { shareSchema } from './answers';
import { sharedMarkSchema } from './prompt-mark';

/** So many of so many prompts: judged faster than they can be read, or with all responses in one tier. */
export const workSignSchema = z.strictObject({
  kind: z.enum(['fast', 'singleTier']),
  count: countSchema,
  prompts: countSchema,
});
export type WorkSign = z.infer<typeof workSignSchema>;

/** One annotator's work as the project's researchers see it. Shares are null where there is nothing to share. */
export const workRowSchema = z.strictObject({
  annotatorId: z.string(),
  name: z.string(),
  prompts: countSchema,
  medianActiveMs: z.number().min(0).nullable(),
  /** Of the prompts with two or more placed responses, those whose responses are all in one tier. */
  singleTierShare: shareSchema.nullable(),
  /** Of all responses. */
  cannotJudgeShare: shareSchema.nullable(),
  /** Prompts judged in less time than it takes to read them; see `fastCharactersPerSecond`. */
  fast: countSchema,
  /** Share of the pairs of gold prompts that agree. */
  goldShare: shareSchema.nullable(),
  goldPrompts: countSchema,
  skipped: countSchema,
  flagged: countSchema,
  /** Worth a look; nothing follows from it by itself. */
  signs: z.array(workSignSchema),
});
export type WorkRow = z.infer<typeof workRowSchema>;
export const workReportSchema = z.strictObject({
  rows: z.array(workRowSchema),
  marks: z.array(sharedMarkSchema),
  fastCharactersPerSecond: z.number(),
});
export type WorkReport = z.infer<typeof workReportSchema>;
