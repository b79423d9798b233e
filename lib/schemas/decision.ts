/** Adjudication: all answers to one prompt, a reviewer's decision, and answers that are sent back to their annotator. */
import { cursorOf, nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import {
  externalPromptIdSchema,
  externalResponseIdSchema,
  promptIdSchema,
  responseIdSchema,
} from '@/trainer/contract/ids';
import { judgementSchema } from '@/trainer/contract/judgement';
import { countSchema } from '@/trainer/contract/numbers';
import { chatMessageSchema, promptDocumentSchema } from '@/trainer/contract/record';
import { idempotencyKeySchema, saveAnnotationRequestSchema } from './annotation';
import { annotatorKinds } from './annotator-kinds';
import { timeSchema } from './answer-fields';
import { issueKey } from './issue';
import { remarksSchema, storableText } from './remarks';

/** The comment among the remarks is the reason. `baseVersion`: of the prompt's decisions, whoever made them. */
export const saveDecisionRequestSchema = saveAnnotationRequestSchema.safeExtend({
  /** Required where the reviewer has begun an annotation of the prompt and not saved it. */
  besideOwnDraft: z.boolean().optional(),
});
export type SaveDecisionRequest = z.infer<typeof saveDecisionRequestSchema>;

export const withdrawDecisionRequestSchema = z.strictObject({
  promptId: promptIdSchema,
  idempotencyKey: idempotencyKeySchema,
  baseVersion: z.int().min(1),
  reason: storableText(2000),
});
export type WithdrawDecisionRequest = z.infer<typeof withdrawDecisionRequestSchema>;

/** The version of the prompt's decisions that is stored now. */
export const savedDecisionSchema = z.strictObject({ version: countSchema });
export type SavedDecision = z.infer<typeof savedDecisionSchema>;

export const sendBackRequestSchema = z.strictObject({
  /** The version that the note is about. */
  annotationId: z.uuid(),
  note: storableText(2000).refine((note) => note.trim() !== '', issueKey('needsName')),
});
export type SendBackRequest = z.infer<typeof sendBackRequestSchema>;
export const withdrawSentBackRequestSchema = z.strictObject({ id: z.uuid() });

const sentBackSchema = z.strictObject({
  id: z.uuid(),
  note: z.string(),
  at: timeSchema,
  /** open: it waits for the annotator. answered: a new version was saved. withdrawn: a reviewer took it back. */
  state: z.enum(['open', 'answered', 'withdrawn']),
});
export type SentBack = z.infer<typeof sentBackSchema>;

const storedJudgement = judgementSchema.extend({
  version: countSchema,
  createdAt: timeSchema,
  remarks: remarksSchema,
  /** The names that the board showed. */
  tiers: z.array(z.string()),
});

const answerSchema = z.strictObject({
  /** Newest first; the first is in force. `id` is that of the version. */
  versions: z.array(storedJudgement.extend({ id: z.uuid() })).min(1),
  /** Null until the prompt is decided. */
  annotator: z.strictObject({ id: z.string(), name: z.string(), kind: z.enum(annotatorKinds) }).nullable(),
  /**
   * Whether it counts in the consensus. 'earlierText': the prompt was corrected since, so that it has to be judged again.
   * 'comparison': it is an imported annotator's, and such judgements are only compared in this project.
   */
  counts: z.enum(['consensus', 'earlierText', 'comparison']),
  /** Of somebody with an account, whom one can ask; an imported annotator's is what the file says. */
  isPersons: z.boolean(),
  /** It is the reader's own. */
  mine: z.boolean(),
  sentBack: z.array(sentBackSchema),
});
export type Answer = z.infer<typeof answerSchema>;

const decisionSchema = storedJudgement.extend({
  kind: z.enum(['decided', 'withdrawn']),
  reviewer: z.string(),
  mine: z.boolean(),
  /** Whether the reviewer has also judged the prompt as an annotator. */
  judgedToo: z.boolean(),
});

/** GET /api/projects/:id/answers/:promptId: everybody's answers, for those who may read them. */
export const promptAnswersSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  messages: z.array(chatMessageSchema),
  documents: z.array(promptDocumentSchema),
  /** Of the texts, which a decision names. */
  textVersion: z.int().min(1),
  /** Each text once, in the reader's own order; sources are named when annotators are. */
  responses: z.array(
    z.strictObject({
      id: responseIdSchema,
      externalId: externalResponseIdSchema,
      text: z.string(),
      source: z.string().nullable(),
    }),
  ),
  /** In thousandths; null where no two annotators have judged the same responses. */
  disagreement: countSchema.nullable(),
  isGold: z.boolean(),
  /** In an order that says nothing of who they are. */
  answers: z.array(answerSchema),
  /** Newest first. */
  decisions: z.array(decisionSchema),
  /** What the annotators agree on, as a board that a decision can start from. */
  consensus: judgementSchema.shape.placements,
  /** The reader has begun an annotation of this prompt and not saved it. */
  ownDraft: z.boolean(),
  /** The next prompt in the queue of adjudication. */
  next: promptIdSchema.nullable(),
});
export type PromptAnswers = z.infer<typeof promptAnswersSchema>;

const reviewItemSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  /** How the prompt begins. */
  beginning: z.string(),
  disagreement: countSchema,
  annotators: countSchema,
  decidedAt: timeSchema.nullable(),
  /** Answers that were sent back: how many wait for their annotators, and how many came back since. */
  sentBack: z.strictObject({ open: countSchema, answered: countSchema }),
});
export type ReviewItem = z.infer<typeof reviewItemSchema>;
export const reviewQueueSchema = z.strictObject({
  items: z.array(reviewItemSchema),
  next: nextSchema,
});
export type ReviewQueue = z.infer<typeof reviewQueueSchema>;

/** Where a page ends: how far annotators differ, or when it was decided in microseconds; and the prompt. */
export const reviewQueueCursor = cursorOf(z.strictObject({ key: z.int().min(0), promptId: promptIdSchema }));
export const reviewQueueQuerySchema = z.object({
  list: z.enum(['differing', 'decided']).default('differing'),
  after: reviewQueueCursor.after,
});
export type ReviewQueueQuery = z.infer<typeof reviewQueueQuerySchema>;
