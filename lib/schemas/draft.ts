import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { judgementSchema } from '@/trainer/contract/judgement';
import { countSchema } from '@/trainer/contract/numbers';
import { remarksSchema } from './remarks';

/** What is on a board, as it is kept, sent and taken up again. A draft lists only what was touched, a save everything. */
export const boardContentSchema = judgementSchema.extend({
  /** Milliseconds of work on the prompt, without idle time; at most a day. */
  timeOnTaskMs: z.int().min(0).max(86_400_000),
  /** Missing where nothing was said. */
  remarks: remarksSchema.optional(),
});
export type BoardContent = z.infer<typeof boardContentSchema>;

export const draftSchema = z.strictObject({
  /** The version of the annotation that it was begun on; 0 when there was none. */
  baseVersion: countSchema,
  /** One more than the largest that the client has seen for this prompt. */
  sequence: z.int().min(1).max(2_000_000_000),
  content: boardContentSchema,
});
/** The sequence that is stored now. */
export const savedDraftSchema = draftSchema.pick({ sequence: true });

export type Draft = z.infer<typeof draftSchema>;
