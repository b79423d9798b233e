/** Which prompts and pairs of a project a snapshot takes, and how it splits them. What is absent selects nothing. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { MAX_TIERS } from '@/trainer/contract/tier-limits';
import { issueKey } from './issue';
import { languageTagSchema } from './language';
import { prioritySchema } from './prompt-import';
import { storableText } from './remarks';

const percent = z.int().min(0).max(90);

export const snapshotSelectionSchema = z.strictObject({
  seed: z.int().min(0).max(2_147_483_647).default(0).describe('Of the split, and of the choice among pairs.'),
  language: languageTagSchema.optional(),
  source: storableText(200).min(1).optional().describe('Prompts with a response of this source.'),
  leastPriority: prioritySchema.optional(),
  leastAnnotators: z.int().min(1).max(1000).optional().describe('Prompts that at least so many people have judged.'),
  withoutFlagged: z.literal(true).optional().describe('Leaves out prompts with open flags.'),
  importedFrom: z.iso.date().optional().describe('The first day, in UTC, on which prompts were imported.'),
  importedUntil: z.iso.date().optional().describe('The last day, in UTC.'),
  split: z
    .strictObject({ validation: percent, test: percent })
    .refine(({ validation, test }) => validation + test <= 90, issueKey('splitTooLarge'))
    .optional()
    .describe('Shares in percent of prompts for validation and test; the others are for training.'),
  pairsPerPrompt: z.int().min(1).max(1000).optional().describe('Pairs of one prompt at most.'),
  leastMargin: z
    .int()
    .min(1)
    .max(MAX_TIERS - 1)
    .optional()
    .describe('Tiers that the responses of a pair lie apart at least.'),
  /** See lib/ranking/source-balance.ts. */
  winsPerLoss: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Between two sources, the wins of one for each of its losses at most.'),
});
export type SnapshotSelection = z.infer<typeof snapshotSelectionSchema>;

/** What a selection leaves out, and how many prompts each split has. */
export const selectionCountsSchema = z.strictObject({
  prompts_left_out: countSchema,
  pairs_below_margin: countSchema,
  pairs_above_cap: countSchema,
  /** Where sources are balanced. */
  pairs_unbalanced: countSchema.optional(),
  /** Null where nothing is split. */
  splits: z.strictObject({ train: countSchema, validation: countSchema, test: countSchema }).nullable(),
});
export type SelectionCounts = z.infer<typeof selectionCountsSchema>;
