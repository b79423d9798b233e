import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from './numbers';

/** One chat message of a prompt. */
export const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});

/** A context document of a multi-document prompt. */
export const documentSchema = z.object({ title: z.string(), text: z.string() });

export const snapshotResponseSchema = z.object({
  id: z.string().min(1),
  text: z.string(),
  /** 'human' or a model's name. */
  source: z.string().min(1),
  label: z.string().optional(),
  /** Consensus tier, 0 = best; absent when nobody judged the response. */
  tier: countSchema.optional(),
});

/** chosen is strictly better than rejected; support and against list annotators by pseudonym. */
export const pairSchema = z.object({
  chosen: z.string().min(1),
  rejected: z.string().min(1),
  /** Tier gap, at least 1. */
  margin: z.number().min(0),
  support: z.array(z.string()),
  against: z.array(z.string()),
});

/** One prompt of a snapshot: a line of SNAPSHOT.jsonl and what `rescue train` reads. */
export const snapshotRecordSchema = z.object({
  id: z.string().min(1),
  prompt: z.array(messageSchema).min(1),
  documents: z.array(documentSchema).optional(),
  responses: z.array(snapshotResponseSchema).min(1),
  reference_label: z.string().optional(),
  pairs: z.array(pairSchema),
  /** The SFT target's response id; null when no response is acceptable; absent: derived by the trainer. */
  target: z.string().nullable().optional(),
});

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
  dropped: z
    .array(
      z.object({
        prompt: z.string(),
        better: z.string(),
        worse: z.string(),
        reason: z.enum(['contradicted', 'unsupported', 'cycle', 'conflict']),
        support: z.array(z.string()),
        against: z.array(z.string()),
      }),
    )
    .optional(),
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

export type Message = z.infer<typeof messageSchema>;
export type PromptDocument = z.infer<typeof documentSchema>;
export type SnapshotResponse = z.infer<typeof snapshotResponseSchema>;
export type Pair = z.infer<typeof pairSchema>;
export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;
export type SnapshotHeader = z.infer<typeof snapshotHeaderSchema>;
