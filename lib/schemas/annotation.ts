import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema, responseIdSchema } from '@/trainer/contract/ids';
import { judgementSchema } from '@/trainer/contract/judgement';
import { countSchema } from '@/trainer/contract/numbers';
import { chatMessageSchema, promptDocumentSchema } from '@/trainer/contract/record';
import { timeSchema } from './answers';
import { boardContentSchema, draftSchema } from './draft';
import { issueKey } from './issue';
import { remarksSchema } from './remarks';

/** Chosen by the client once a submission and kept for its retries. */
export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{8,100}$/, issueKey('idempotencyKey'));

export const saveAnnotationRequestSchema = z
  .strictObject({
    ...boardContentSchema.shape,
    promptId: promptIdSchema,
    idempotencyKey: idempotencyKeySchema,
    /** The version the client saw; 0 when it saw none. */
    baseVersion: countSchema,
    /** The project's, as the board showed the tiers' names; without it those in force. */
    tiersVersion: z.int().min(1).optional(),
    placements: judgementSchema.shape.placements.min(1),
  })
  .superRefine((value, context) => {
    const seen = new Set<string>();
    value.placements.forEach((placement, i) => {
      if (seen.has(placement.responseId)) {
        context.addIssue({ code: 'custom', path: ['placements', i, 'responseId'], message: issueKey('appearsTwice') });
      }
      seen.add(placement.responseId);
    });
    if (!value.allBad && value.placements.every((placement) => placement.state === 'not_judged')) {
      context.addIssue({ code: 'custom', path: ['placements'], message: issueKey('nothingJudged') });
    }
  });
export type SaveAnnotationRequest = z.infer<typeof saveAnnotationRequestSchema>;

/** What an annotator gets to see: no source, no label, nobody else's work. */
export const taskSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  messages: z.array(chatMessageSchema),
  documents: z.array(promptDocumentSchema),
  responses: z.array(z.strictObject({ id: responseIdSchema, text: z.string() })),
  annotation: judgementSchema.extend({ version: countSchema, remarks: remarksSchema }).nullable(),
  /** This annotator has flagged the prompt. */
  flagged: z.boolean(),
  /** What this annotator began on the version in force, here or at another machine. */
  draft: draftSchema.nullable(),
});
export type Task = z.infer<typeof taskSchema>;
export const taskPageSchema = z.strictObject({
  tasks: z.array(taskSchema),
  progress: z.strictObject({ done: countSchema, total: countSchema }),
});
export type TaskPage = z.infer<typeof taskPageSchema>;

export const savedAnnotationSchema = z.strictObject({
  annotationId: z.uuid(),
  version: countSchema,
  /** It was a gold prompt: there is feedback on it. */
  gold: z.literal(true).optional(),
});
export type SavedAnnotation = z.infer<typeof savedAnnotationSchema>;

const annotationSummarySchema = z.strictObject({
  placed: countSchema,
  cannotJudge: countSchema,
  notJudged: countSchema,
  allBad: z.boolean(),
});
export type AnnotationSummary = z.infer<typeof annotationSummarySchema>;
const myAnnotationSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  version: countSchema,
  createdAt: timeSchema,
  summary: annotationSummarySchema,
  /** The tags' names, each once, of responses and marks. */
  remarks: z.strictObject({ comment: z.string(), tags: z.array(z.string()), marks: countSchema }),
});
export type MyAnnotation = z.infer<typeof myAnnotationSchema>;
/** Newest first; `next` is what to ask for as `before` to get older work, null at the end. */
export const myAnnotationsPageSchema = z.strictObject({
  annotations: z.array(myAnnotationSchema),
  next: z.string().nullable(),
});
export type MyAnnotationsPage = z.infer<typeof myAnnotationsPageSchema>;

/** `<microseconds since 1970>.<prompt id>`, as a page's `next` says it. */
export const myAnnotationsQuerySchema = z.object({
  before: z
    .string()
    .regex(/^\d{1,17}\.[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
    .transform((text) => ({ micros: text.slice(0, text.indexOf('.')), promptId: text.slice(text.indexOf('.') + 1) }))
    .nullable()
    .default(null),
});
