import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import type { BadLine, Message } from '@/trainer/contract/message';
import { countSchema } from '@/trainer/contract/numbers';
import type { ColumnMapping } from './column-mapping';
import type { JudgementChoice } from './import-preview';
import { importResultSchema, lineErrorSchema } from './prompt-import';

/** The progress of a job on a project, such as an import or a snapshot. */
export const jobProgressSchema = z.strictObject({
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** How much of `total` is done; `total` is 0 while it is unknown. */
  done: countSchema,
  total: countSchema,
  /** Prompts that are stored so far, where they are counted. */
  items: countSchema.optional(),
  /** What came of an import. */
  result: importResultSchema.optional(),
  /** Why it failed, with the first bad lines and the number of all. */
  failure: z
    .strictObject({ message: z.string(), errors: z.array(lineErrorSchema), errorCount: countSchema })
    .optional(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;
/** What an import needs to be gone on with. */
export interface JobInput {
  upload: string;
  leaveOut: boolean;
  judgements: JudgementChoice;
  mapping?: ColumnMapping | undefined;
  /** By which reading the file's prompts were counted: another may find others, or in another order. */
  reading: number;
}
/** Why a job failed, to be translated for whoever asks. */
export interface JobFailure {
  message: Message;
  lines: BadLine[];
  lineCount: number;
}

/** Null when no job has this id, or not yet. */
export const jobAnswerSchema = z.strictObject({ job: jobProgressSchema.nullable() });
export type JobAnswer = z.infer<typeof jobAnswerSchema>;
export const cancelledJobSchema = z.strictObject({ cancelled: z.literal(true) });

/** The query of a route that runs a job. */
export const jobQuerySchema = z.object({
  job: z
    .uuid()
    .optional()
    .describe('An id that you make: the work is followed at `/jobs/{jobId}` with it, while the request is under way.'),
});
