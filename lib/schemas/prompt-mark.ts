import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema } from '@/trainer/contract/ids';
import { idempotencyKeySchema } from './annotation';
import { timeSchema } from './answer-fields';
import { issueKey } from './issue';
import { isStorable } from './storable';

/** Why somebody skips a prompt. These values are stored, so none may be removed. */
export const skipReasons = ['unclear', 'knowledge', 'language', 'broken', 'uncomfortable', 'other'] as const;
export type SkipReason = (typeof skipReasons)[number];

const note = z.string().max(2000).refine(isStorable, issueKey('storableText')).default('');

export const promptMarkSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('skipped'), reason: z.enum(skipReasons), note }),
  z.strictObject({ kind: z.literal('flagged'), note }),
]);
export type PromptMark = z.infer<typeof promptMarkSchema>;
export type MarkKind = PromptMark['kind'];

/** Sets a mark, or removes it (`mark: null`). A change is applied once, however often it arrives. */
export const markChangeSchema = z
  .strictObject({
    promptId: promptIdSchema,
    idempotencyKey: idempotencyKeySchema,
    kind: z.enum(['skipped', 'flagged']),
    mark: promptMarkSchema.nullable(),
  })
  .refine(({ kind, mark }) => mark === null || mark.kind === kind, { path: ['mark'], message: issueKey('ofThisKind') });
export type MarkChange = z.infer<typeof markChangeSchema>;

export const myMarkSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  kind: z.enum(['skipped', 'flagged']),
  reason: z.enum(skipReasons).nullable(),
  note: z.string(),
  createdAt: timeSchema,
  /** When a researcher resolved it; always null for a skip, which ends when the prompt is judged. */
  resolvedAt: timeSchema.nullable(),
  /** What that researcher said of it. */
  resolution: z.string(),
});
export type MyMark = z.infer<typeof myMarkSchema>;
export const myMarksAnswerSchema = z.strictObject({ marks: z.array(myMarkSchema) });
export type MyMarksAnswer = z.infer<typeof myMarksAnswerSchema>;
/** A mark as the project's researchers see it. */
export const sharedMarkSchema = myMarkSchema.extend({ annotator: z.string(), annotatorId: z.string() });
export type SharedMark = z.infer<typeof sharedMarkSchema>;
export const sharedMarksAnswerSchema = z.strictObject({ marks: z.array(sharedMarkSchema) });

/** With `prompt`: the marks of this one. */
export const marksQuerySchema = z.object({ prompt: promptIdSchema.optional() });

export const resolveFlagSchema = z.strictObject({
  promptId: promptIdSchema,
  annotatorId: z.string().min(1).max(100),
  resolved: z.boolean(),
  /** Why, where it is resolved. */
  resolution: note,
});
export type ResolveFlag = z.infer<typeof resolveFlagSchema>;
