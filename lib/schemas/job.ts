import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';

/** The progress of a job on a project, such as an import or a snapshot. */
export const jobProgressSchema = z.strictObject({
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** How much of `total` is done; `total` is 0 while it is unknown. */
  done: countSchema,
  total: countSchema,
});
export type JobProgress = z.infer<typeof jobProgressSchema>;
/** Null when no job has this id, or not yet. */
export const jobAnswerSchema = z.strictObject({ job: jobProgressSchema.nullable() });
export type JobAnswer = z.infer<typeof jobAnswerSchema>;
export const cancelledJobSchema = z.strictObject({ cancelled: z.literal(true) });

/** The query of a route that runs a job: with `?job=` and an id that the client generated, the job can be followed. */
export const jobQuerySchema = z.object({ job: z.uuid().optional() });
