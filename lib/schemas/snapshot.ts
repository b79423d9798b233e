import { nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { pairSchema } from '@/trainer/contract/record';
import { timeSchema } from './answer-fields';
import { lineErrorSchema } from './prompt-import';
import { strategySchema } from './strategy';

/** Whether a snapshot can be meant by the text as the beginning of its hash. */
export const isHashBeginning = (text: string): boolean => /^[0-9a-f]{8,64}$/.test(text);

/** A preference that consensus left out, with its ledger. */
export const droppedPairSchema = pairSchema.pick({ support: true, against: true }).extend({
  /** The response that most of those who judged the pair prefer. */
  better: z.string(),
  worse: z.string(),
  /**
   * - contradicted: more than the rule allows say the opposite;
   * - unsupported: too few of those who judged both prefer either, the rest tie them;
   * - cycle: the preference lies on a chain that leads back to its start;
   * - conflict: together with others it would imply a contradicted preference.
   */
  reason: z.enum(['contradicted', 'unsupported', 'cycle', 'conflict']),
});
export type DroppedPair = z.infer<typeof droppedPairSchema>;

/** snapshot.json, the header file beside the records. */
export const snapshotHeaderSchema = z.object({
  schema_version: z.literal(1),
  /** SHA-256 in hex over the canonical record lines, each ended by a newline. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  tiers: z.array(z.string()),
  /** 'annotations', or a heuristic: 'human' | 'label' | 'hybrid' | 'full'. Annotated tiers override heuristics. */
  strategy: strategySchema,
  filters: z.record(z.string(), z.unknown()),
  counts: z.object({
    prompts: z.int(),
    responses: z.int(),
    pairs: z.int(),
    annotations: z.int(),
    dropped_pairs: z.int(),
  }),
  /** The first of the pairs that consensus left out, each with its reason; `filters.dropped` counts them all. */
  dropped: z.array(droppedPairSchema.extend({ prompt: z.string() })).optional(),
  created_at: z.string(),
});

/** A snapshot as the API returns it; the header is snapshot.json. */
export const snapshotSummarySchema = z.strictObject({
  id: z.uuid(),
  projectId: z.uuid(),
  name: z.string(),
  hash: z.string(),
  strategy: snapshotHeaderSchema.shape.strategy,
  promptCount: countSchema,
  pairCount: countSchema,
  counts: snapshotHeaderSchema.shape.counts,
  header: snapshotHeaderSchema,
  createdAt: timeSchema,
});
export type SnapshotSummary = z.infer<typeof snapshotSummarySchema>;
export const snapshotOnlyAnswerSchema = z.strictObject({ snapshot: snapshotSummarySchema });
/** Newest first. */
export const snapshotsAnswerSchema = z.strictObject({ snapshots: z.array(snapshotSummarySchema), next: nextSchema });
export type SnapshotsAnswer = z.infer<typeof snapshotsAnswerSchema>;

/** The answer to creating a snapshot; `created` is false when one with the same content exists. */
export const createdSnapshotSchema = z.strictObject({ snapshot: snapshotSummarySchema, created: z.boolean() });
export type CreatedSnapshot = z.infer<typeof createdSnapshotSchema>;
/** The answer to importing a snapshot, with the first warnings about its records and the number of all. */
export const importedSnapshotSchema = createdSnapshotSchema.extend({
  notes: z.array(lineErrorSchema),
  noteCount: countSchema,
});
export type ImportedSnapshot = z.infer<typeof importedSnapshotSchema>;
export type ImportedNotes = Pick<ImportedSnapshot, 'notes' | 'noteCount'>;

export type SnapshotHeader = z.infer<typeof snapshotHeaderSchema>;
