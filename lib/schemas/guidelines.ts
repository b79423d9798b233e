import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { MAX_TIERS } from '@/trainer/contract/tier-limits';
import { timeSchema } from './answer-fields';
import { storableText } from './remarks';

export const publishGuidelinesSchema = z.strictObject({
  /** The version that the author started from; 0 for none. */
  baseVersion: countSchema,
  /** Markdown. */
  body: storableText(50_000),
  /** Markdown, one entry per tier, best first. */
  examples: z.array(storableText(20_000)).max(MAX_TIERS),
});
export type PublishGuidelinesRequest = z.infer<typeof publishGuidelinesSchema>;

export const readGuidelinesSchema = z.strictObject({ version: countSchema.min(1) });

export const guidelineVersionSchema = z.strictObject({
  version: countSchema,
  body: z.string(),
  examples: z.array(z.string()),
  createdAt: timeSchema,
});
export type GuidelineVersion = z.infer<typeof guidelineVersionSchema>;
export const guidelinesAnswerSchema = z.strictObject({
  /** Null while there are no guidelines. */
  current: guidelineVersionSchema.nullable(),
  /** The newest version that the reader has acknowledged, to show what changed since; null for none. */
  acknowledged: guidelineVersionSchema.nullable(),
});
export type GuidelinesAnswer = z.infer<typeof guidelinesAnswerSchema>;
export const publishedGuidelinesSchema = guidelinesAnswerSchema.pick({ current: true });

export const pastVersionSchema = z.strictObject({
  version: countSchema,
  /** Null when the author's account has been deleted, and for versions that the program created. */
  author: z.string().nullable(),
  createdAt: timeSchema,
});
export type PastVersion = z.infer<typeof pastVersionSchema>;
/** Newest first. */
export const guidelineHistorySchema = z.strictObject({ versions: z.array(pastVersionSchema) });
export type GuidelineHistory = z.infer<typeof guidelineHistorySchema>;
/** A version beside the one before it; null for the first. */
export const guidelineChangeSchema = z.strictObject({
  before: guidelineVersionSchema.nullable(),
  after: guidelineVersionSchema,
});
export type GuidelineChange = z.infer<typeof guidelineChangeSchema>;
