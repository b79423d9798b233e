import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';

/** How far long work on a project is: an import, a snapshot. */
export const jobProgressSchema = z.strictObject({
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** Of `total`, which is 0 while it is not known yet. */
  done: countSchema,
  total: countSchema,
});
export type JobProgress = z.infer<typeof jobProgressSchema>;
/** null where there is none of that id, or none yet. */
export const jobAnswerSchema = z.strictObject({ job: jobProgressSchema.nullable() });
export type JobAnswer = z.infer<typeof jobAnswerSchema>;
export const cancelledJobSchema = z.strictObject({ cancelled: z.literal(true) });

/** The query of a door that does long work: `?job=` an id of one's own makes it one that can be followed. */
export const jobQuerySchema = z.object({ job: z.uuid().optional() });
