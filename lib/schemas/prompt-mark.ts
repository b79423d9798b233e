import * as z from 'zod';

/** Why somebody skips a prompt. Stored: only ever add to these. */
export const skipReasons = ['unclear', 'knowledge', 'language', 'broken', 'uncomfortable', 'other'] as const;
export type SkipReason = (typeof skipReasons)[number];

const note = z
  .string()
  .max(2000)
  .refine((text) => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text), 'must be storable text')
  .default('');

export const promptMarkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('skipped'), reason: z.enum(skipReasons), note }),
  z.strictObject({ kind: z.literal('flagged'), note }),
]);
export type PromptMark = z.infer<typeof promptMarkSchema>;
export type MarkKind = PromptMark['kind'];

export interface MyMark {
  promptId: string;
  externalId: string;
  kind: MarkKind;
  reason: SkipReason | null;
  note: string;
  createdAt: string;
}
/** A mark as the project's researchers see it. */
export interface SharedMark extends MyMark {
  annotator: string;
}
