import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { type ExternalPromptId, type PromptId, promptIdSchema, type ResponseId } from '@/trainer/contract/ids';
import { type Judgement, judgementSchema } from '@/trainer/contract/judgement';
import { countSchema } from '@/trainer/contract/numbers';
import type { ChatMessage, PromptDocument } from '@/trainer/contract/record';
import type { Draft } from './draft';
import { issueKey } from './issue';
import { type Remarks, remarksSchema } from './remarks';

/** Chosen by the client once a submission and kept for its retries. */
export const idempotencyKeySchema = z.string().regex(/^[A-Za-z0-9_-]{8,100}$/, issueKey('idempotencyKey'));

export const saveAnnotationRequestSchema = z
  .strictObject({
    ...judgementSchema.shape,
    promptId: promptIdSchema,
    idempotencyKey: idempotencyKeySchema,
    /** The version the client saw; 0 when it saw none. */
    baseVersion: countSchema,
    /** The project's, as the board showed the tiers' names; without it those in force. */
    tiersVersion: z.int().min(1).optional(),
    /** Milliseconds of work on the prompt, without idle time; at most a day. */
    timeOnTaskMs: z.int().min(0).max(86_400_000),
    placements: judgementSchema.shape.placements.min(1),
    /** Missing where nothing was said. */
    remarks: remarksSchema.optional(),
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
export interface Task {
  promptId: PromptId;
  externalId: ExternalPromptId;
  messages: ChatMessage[];
  documents: PromptDocument[];
  responses: { id: ResponseId; text: string }[];
  annotation: (Judgement & { version: number; remarks: Remarks }) | null;
  /** This annotator has flagged the prompt. */
  flagged: boolean;
  /** What this annotator began on the version in force, here or at another machine. */
  draft: Draft | null;
}
export interface TaskPage {
  tasks: Task[];
  progress: { done: number; total: number };
}
export interface SavedAnnotation {
  annotationId: string;
  version: number;
  /** It was a gold prompt: there is feedback on it. */
  gold?: true;
}
export interface AnnotationSummary {
  placed: number;
  cannotJudge: number;
  notJudged: number;
  allBad: boolean;
}
export interface MyAnnotation {
  promptId: PromptId;
  externalId: ExternalPromptId;
  version: number;
  createdAt: string;
  summary: AnnotationSummary;
  /** The tags' names, each once, of responses and marks. */
  remarks: { comment: string; tags: string[]; marks: number };
}
/** Newest first; `next` is what to ask for as `before` to get older work, null at the end. */
export interface MyAnnotationsPage {
  annotations: MyAnnotation[];
  next: string | null;
}

/** `<microseconds since 1970>.<prompt id>`, as a page's `next` says it. */
export const myAnnotationsQuerySchema = z.object({
  before: z
    .string()
    .regex(/^\d{1,17}\.[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/)
    .transform((text) => ({ micros: text.slice(0, text.indexOf('.')), promptId: text.slice(text.indexOf('.') + 1) }))
    .nullable()
    .default(null),
});
