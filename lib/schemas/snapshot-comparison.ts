/** What differs between two snapshots, prompt by prompt: found by the prompts' own ids. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { cursorOf, nextSchema } from './cursor';
import { splitNameSchema } from './snapshot-contents';

/** Where a page ends: the key of a prompt. */
export const comparisonCursor = cursorOf(z.string().regex(/^[0-9a-f]{32}$/));

export const comparisonQuerySchema = z.strictObject({
  after: comparisonCursor.after,
  show: z
    .enum(['prompts', 'counts'])
    .default('prompts')
    .describe('`counts`: no prompt is listed, so one answer comes further.'),
});
export type ComparisonQuery = z.infer<typeof comparisonQuerySchema>;

export const pairChangesSchema = z.strictObject({
  came: countSchema,
  went: countSchema,
  /** The better one has become the worse one. */
  turned: countSchema,
  kept: countSchema,
});
export type PairChanges = z.infer<typeof pairChangesSchema>;

const changedPromptSchema = z.strictObject({
  id: z.string(),
  change: z.enum(['came', 'went', 'changed']),
  excerpt: z.string(),
  pairs: pairChangesSchema,
  /** The first pairs that have turned, as the later snapshot has them. */
  turned: z.array(z.strictObject({ chosen: z.string(), rejected: z.string() })),
  /** Whether its messages, documents, responses or labels differ. */
  texts: z.boolean(),
  /** From which split to which; null where it stays. A snapshot without splits has only training. */
  moved: z.tuple([splitNameSchema, splitNameSchema]).nullable(),
});
export type ChangedPrompt = z.infer<typeof changedPromptSchema>;

/** Of the prompts between this page's cursor and `next`; their sum over all pages is that of the snapshots. */
const comparisonCountsSchema = z.strictObject({
  prompts: z.strictObject({ came: countSchema, went: countSchema, changed: countSchema, same: countSchema }),
  pairs: pairChangesSchema,
});
export type ComparisonCounts = z.infer<typeof comparisonCountsSchema>;

export const comparisonPageSchema = z.strictObject({
  counts: comparisonCountsSchema,
  prompts: z.array(changedPromptSchema),
  next: nextSchema,
});
export type ComparisonPage = z.infer<typeof comparisonPageSchema>;
