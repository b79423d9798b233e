import '@/trainer/contract/without-compiling';
import * as z from 'zod';

/** How far long work on a project is: an import, a snapshot. */
export interface JobProgress {
  state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Of `total`, which is 0 while it is not known yet. */
  done: number;
  total: number;
}

/** The query of a door that does long work: `?job=` an id of one's own makes it one that can be followed. */
export const jobQuerySchema = z.object({ job: z.uuid().optional() });
