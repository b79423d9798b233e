/** What a snapshot holds, as figures: how long its texts are, who wrote and won what, and what its splits share. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { snapshotRecordSchema } from '@/trainer/contract/record';

export const splitNameSchema = snapshotRecordSchema.shape.split.unwrap();

/** Texts whose length in characters is in [from, the next one's from). */
const lengthBinSchema = z.strictObject({
  from: countSchema,
  prompts: countSchema,
  responses: countSchema,
  /** The better and the worse responses of pairs, once for each pair. */
  chosen: countSchema,
  rejected: countSchema,
});
export type LengthBin = z.infer<typeof lengthBinSchema>;

const sourceCountsSchema = z.strictObject({
  source: z.string(),
  responses: countSchema,
  chosen: countSchema,
  rejected: countSchema,
});
export type SourceCounts = z.infer<typeof sourceCountsSchema>;

const leakedPromptSchema = z.strictObject({ id: z.string(), split: splitNameSchema, excerpt: z.string() });

export const splitLeaksSchema = z.strictObject({
  /** Of the prompts of the second split: how many say the same as one of the first, and how many almost the same. */
  between: z.array(
    z.strictObject({ splits: z.tuple([splitNameSchema, splitNameSchema]), equal: countSchema, near: countSchema }),
  ),
  examples: z.array(
    z.strictObject({
      /** 1: equal. */
      similarity: z.number().min(0).max(1),
      prompts: z.tuple([leakedPromptSchema, leakedPromptSchema]),
    }),
  ),
  /** Prompts after the first so many were compared for equality alone; null: all were compared. */
  comparedForNear: countSchema.nullable(),
});
export type SplitLeaks = z.infer<typeof splitLeaksSchema>;

export const snapshotContentsSchema = z.strictObject({
  lengths: z.array(lengthBinSchema),
  /** Those with most responses first. */
  sources: z.array(sourceCountsSchema),
  /** How many sources are not listed. */
  moreSources: countSchema,
  /** Null where nothing is split. */
  leaks: splitLeaksSchema.nullable(),
});
export type SnapshotContents = z.infer<typeof snapshotContentsSchema>;
