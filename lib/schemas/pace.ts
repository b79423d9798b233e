import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';

/** `since`: the start of the person's day, which only the browser knows. */
export const paceQuerySchema = z.object({
  since: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

/** One annotator's pace in a project; of other people's work only the number of prompts that anybody has judged. */
export const paceSchema = z.strictObject({
  /** Prompts that this person has judged for the first time today. */
  today: countSchema,
  judgedByAnyone: countSchema,
  total: countSchema,
  /** Median active time per prompt of this person in milliseconds; null before the first. */
  medianActiveMs: z.number().min(0).nullable(),
});
export type Pace = z.infer<typeof paceSchema>;
