import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { judgementSchema } from '@/trainer/contract/judgement';
import { countSchema } from '@/trainer/contract/numbers';
import { remarksSchema } from './remarks';
import { MAX_TIME_ON_TASK_MS } from './time-on-task';

/**
 * A board's content as it is stored and sent. A draft lists only the responses that were touched, a save all of them.
 */
export const boardContentSchema = judgementSchema.extend({
  /** Active time on the prompt in milliseconds, without idle time. */
  timeOnTaskMs: z.int().min(0).max(MAX_TIME_ON_TASK_MS),
  /** Missing when there are no remarks. */
  remarks: remarksSchema.optional(),
});
export type BoardContent = z.infer<typeof boardContentSchema>;

export const draftSchema = z.strictObject({
  /** The version of the annotation that the draft started from; 0 for none. */
  baseVersion: countSchema,
  /** One more than the largest sequence that the client has seen for this prompt. */
  sequence: z.int().min(1).max(2_000_000_000),
  content: boardContentSchema,
});
/** The sequence of the draft that is stored now. */
export const savedDraftSchema = draftSchema.pick({ sequence: true });

export type Draft = z.infer<typeof draftSchema>;
