/**
 * A prompt with its responses, and the pairs that a snapshot adds for training. The app stores and exports them, the
 * trainer reads them, and files of both kinds have one per line (docs/formats.md).
 */
import './without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, externalResponseIdSchema } from './ids';
import { messageKey } from './message';
import { countSchema } from './numbers';

/** One chat message of a prompt. */
export const chatMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string(),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** A context document of a multi-document prompt. */
export const promptDocumentSchema = z.object({ title: z.string(), text: z.string() });
export type PromptDocument = z.infer<typeof promptDocumentSchema>;

/** One candidate answer to a prompt. */
export const promptResponseSchema = z.object({
  id: externalResponseIdSchema,
  text: z.string(),
  /** 'human' or a model's name. */
  source: z.string().min(1),
  label: z.string().optional(),
});
export type PromptResponse = z.infer<typeof promptResponseSchema>;

export const snapshotResponseSchema = promptResponseSchema.extend({
  /** Consensus tier, 0 = best; absent when nobody judged the response. */
  tier: countSchema.optional(),
});
export type SnapshotResponse = z.infer<typeof snapshotResponseSchema>;

/** chosen is strictly better than rejected; support and against, the ledger, list annotators by pseudonym. */
export const pairSchema = z.object({
  chosen: externalResponseIdSchema,
  rejected: externalResponseIdSchema,
  /** Tier gap, at least 1. */
  margin: z.number().min(0),
  support: z.array(z.string()),
  against: z.array(z.string()),
});
export type Pair = z.infer<typeof pairSchema>;

/** One prompt of a snapshot: a line of SNAPSHOT.jsonl and what `rescue train` reads. */
export const snapshotRecordSchema = z.object({
  id: externalPromptIdSchema,
  prompt: z.array(chatMessageSchema).min(1),
  documents: z.array(promptDocumentSchema).optional(),
  responses: z.array(snapshotResponseSchema).min(1),
  reference_label: z.string().optional(),
  pairs: z.array(pairSchema),
  /** The SFT target's response id; null when no response is acceptable; absent: derived from tiers or pairs. */
  target: z.string().nullable().optional(),
  /** What it is for; absent: training. */
  split: z.enum(['train', 'validation', 'test']).optional(),
});
export type SnapshotRecord = z.infer<typeof snapshotRecordSchema>;

// ---------- as people and programs write it ----------

/** A field that may be absent; null counts as absent. */
export const optionalField = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** A list of chat messages; a bare string counts as one user message. */
export const promptField = <T extends z.ZodArray>(messages: T) =>
  z.preprocess((value) => (typeof value === 'string' ? [{ role: 'user', content: value }] : value), messages);

export const chatMessages = <T extends z.ZodType>(message: T) => z.array(message, messageKey('textOrMessages'));
