import '@/trainer/contract/without-compiling';
import * as z from 'zod';

/** `since`: where the person's day begins; only the browser knows. */
export const paceQuerySchema = z.object({
  since: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
});

/** How one annotator's work in a project goes; of other people's work only how many prompts somebody has judged. */
export interface Pace {
  /** Prompts that this person judged first since the day began. */
  today: number;
  judgedByAnyone: number;
  total: number;
  /** Of this person's prompts, without idle time; null before the first. */
  medianActiveMs: number | null;
}
