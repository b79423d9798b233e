/** The ledger of a project's consensus: each pair of responses, who says what of it, and what became of it. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { OUTCOMES, rulePreviewSchema } from './agreement';
import { cursorOf, nextSchema } from './cursor';

const DROPPED = [
  'contradicted',
  'unsupported',
  'cycle',
  'conflict',
] as const satisfies readonly (typeof OUTCOMES)[number][];
/** What the ledger can be narrowed to: one outcome, or all reasons for leaving a pair out. */
export const ledgerFilters = [...OUTCOMES, 'dropped'] as const;
export type LedgerFilter = (typeof ledgerFilters)[number];
export const passesLedgerFilter = (outcome: (typeof OUTCOMES)[number], filter: LedgerFilter | undefined): boolean =>
  filter === undefined ||
  (filter === 'dropped' ? (DROPPED as readonly string[]).includes(outcome) : outcome === filter);

export const ledgerFormats = ['csv', 'jsonl'] as const;

/** Where a page ends: the position of a prompt. */
export const ledgerCursor = cursorOf(countSchema);

export const ledgerQuerySchema = z.strictObject({
  outcome: z
    .enum(ledgerFilters)
    .optional()
    .describe('What became of a pair; `dropped`: left out, for whatever reason.'),
  after: ledgerCursor.after,
});
export type LedgerQuery = z.infer<typeof ledgerQuerySchema>;
export const ledgerExportQuerySchema = ledgerQuerySchema
  .pick({ outcome: true })
  .extend({ format: z.enum(ledgerFormats).default('csv') });
export type LedgerExportQuery = z.infer<typeof ledgerExportQuerySchema>;

/** See `LedgerRow` in lib/ranking; responses are named as in files, people by id. */
export const ledgerPairSchema = z.strictObject({
  better: z.string(),
  worse: z.string(),
  outcome: z.enum(OUTCOMES),
  margin: countSchema.nullable(),
  support: z.array(z.string()).readonly(),
  against: z.array(z.string()).readonly(),
  tied: z.array(z.string()).readonly(),
});

export const ledgerPromptSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  /** A reviewer has decided this prompt; the pairs say what annotators alone would give. */
  isDecided: z.boolean(),
  pairs: z.array(ledgerPairSchema),
});
export type LedgerPrompt = z.infer<typeof ledgerPromptSchema>;

export const ledgerPageSchema = z.strictObject({
  rule: rulePreviewSchema.pick({ quorum: true, maxAgainst: true }),
  prompts: z.array(ledgerPromptSchema),
  /** How many judged prompts were looked through for this page. */
  looked: countSchema,
  next: nextSchema,
  /** Names of the people above by id. */
  names: z.record(z.string(), z.string()),
});
export type LedgerPage = z.infer<typeof ledgerPageSchema>;
