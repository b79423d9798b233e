import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { pairSchema } from '@/trainer/contract/record';

/** A preference that consensus left out, with its ledger. */
export const droppedPairSchema = pairSchema.pick({ support: true, against: true }).extend({
  /** As most of those asked see it. */
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
  strategy: z.enum(['annotations', 'human', 'label', 'hybrid', 'full']),
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

/** A snapshot as lists show it; the header is snapshot.json. */
export interface SnapshotSummary {
  id: string;
  projectId: string;
  name: string;
  hash: string;
  strategy: SnapshotHeader['strategy'];
  promptCount: number;
  pairCount: number;
  counts: SnapshotHeader['counts'];
  header: SnapshotHeader;
  createdAt: string;
}

export type SnapshotHeader = z.infer<typeof snapshotHeaderSchema>;
