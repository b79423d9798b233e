import { cursorOf, nextSchema } from './cursor';
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, externalResponseIdSchema, promptIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { chatMessageSchema, promptDocumentSchema } from '@/trainer/contract/record';
import { issueKey } from './issue';
import { importLimits, responseLabel, responseText, sourceName } from './prompt-import';

/** Sampled responses to add to prompts of a project. */
export const addResponsesRequestSchema = z.strictObject({
  /** The name of the model that wrote them. */
  source: sourceName.refine((source) => source !== 'human', { message: issueKey('modelName') }),
  prompts: z
    .array(
      z.strictObject({
        promptId: promptIdSchema,
        responses: z
          .array(z.strictObject({ text: responseText, label: responseLabel.optional() }))
          .min(1)
          .max(importLimits.maxResponses),
      }),
    )
    .min(1)
    .max(importLimits.extendedPrompts)
    .refine((prompts) => new Set(prompts.map(({ promptId }) => promptId)).size === prompts.length, {
      message: issueKey('promptOnce'),
    }),
});
export type AddResponsesRequest = z.infer<typeof addResponsesRequestSchema>;

export const addedResponsesSchema = z.strictObject({
  /** The numbers of responses that were added, and of prompts that got any. */
  responses: countSchema,
  prompts: countSchema,
  /** The numbers of responses that were skipped because their text exists, or because the prompt is full. */
  duplicates: countSchema,
  beyond: countSchema,
});
export type AddedResponses = z.infer<typeof addedResponsesSchema>;

/** A prompt to sample responses for, with its existing responses. */
export const promptToSampleSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  messages: z.array(chatMessageSchema),
  documents: z.array(promptDocumentSchema),
  responses: z.array(z.strictObject({ id: externalResponseIdSchema, text: z.string() })),
  /** Somebody has annotated it. */
  annotated: z.boolean(),
});
export type PromptToSample = z.infer<typeof promptToSampleSchema>;
/** Where a page ends: the position of a prompt. */
export const promptsToSampleCursor = cursorOf(countSchema);
export const promptsToSampleQuerySchema = z.object({ after: promptsToSampleCursor.after });
export const promptsToSamplePageSchema = z.strictObject({
  prompts: z.array(promptToSampleSchema),
  next: nextSchema,
});
export type PromptsToSamplePage = z.infer<typeof promptsToSamplePageSchema>;
