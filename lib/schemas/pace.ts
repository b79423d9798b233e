import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';

/** `since`: where the person's day begins; only the browser knows. */
export const paceQuerySchema = z.object({
  since: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

/** How one annotator's work in a project goes; of other people's work only how many prompts somebody has judged. */
export const paceSchema = z.strictObject({
  /** Prompts that this person judged first since the day began. */
  today: countSchema,
  judgedByAnyone: countSchema,
  total: countSchema,
  /** Of this person's prompts, without idle time; null before the first. */
  medianActiveMs: z.number().min(0).nullable(),
});
export type Pace = z.infer<typeof paceSchema>;
