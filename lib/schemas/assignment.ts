/** Schemas of places on prompts that researchers see, give and take back. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { timeSchema } from './answer-fields';
import { MAX_NAMED_PROMPTS } from './assignment-rules';

const userId = z.string().min(1).max(100);

export const assignPromptsSchema = z.strictObject({
  annotatorId: userId,
  prompts: z.array(externalPromptIdSchema).min(1).max(MAX_NAMED_PROMPTS),
  /** Whoever holds these prompts now, and gives them back. */
  insteadOf: userId.optional(),
});
export type AssignPrompts = z.infer<typeof assignPromptsSchema>;

/** Why a prompt cannot be given to somebody. */
export const assignmentObstacles = ['unknown', 'gold', 'withdrawn', 'judged', 'skipped', 'full'] as const;
export type AssignmentObstacle = (typeof assignmentObstacles)[number];

export const assignedPromptsSchema = z.strictObject({
  assigned: countSchema,
  /** Those among the assigned ones that are in none of the person's languages. */
  inOtherLanguages: z.array(externalPromptIdSchema),
  refused: z.array(z.strictObject({ prompt: externalPromptIdSchema, reason: z.enum(assignmentObstacles) })),
});
export type AssignedPrompts = z.infer<typeof assignedPromptsSchema>;

export const releasePlaceSchema = z.strictObject({ promptId: promptIdSchema, annotatorId: userId });
export type ReleasePlace = z.infer<typeof releasePlaceSchema>;

export const heldPlaceSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  annotatorId: z.string(),
  annotator: z.string(),
  reason: z.enum(['automatic', 'named']),
  /** Null: it waits until it is taken back. A moment that has passed: the next request gives it to somebody. */
  leasedUntil: timeSchema.nullable(),
});
export type HeldPlace = z.infer<typeof heldPlaceSchema>;

export const assignmentsAnswerSchema = z.strictObject({
  /** Some of them, where there are many. */
  places: z.array(heldPlaceSchema),
  /** Annotations that were saved when all places of their prompts were taken. */
  extra: countSchema,
});
export type AssignmentsAnswer = z.infer<typeof assignmentsAnswerSchema>;
