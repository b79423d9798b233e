import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { type ExternalPromptId, type ExternalResponseId, type PromptId, promptIdSchema } from '@/trainer/contract/ids';
import type { ChatMessage, PromptDocument } from '@/trainer/contract/record';
import { issueKey } from './issue';
import { importLimits, responseLabel, responseText, sourceName } from './prompt-import';

/** Sampled responses for prompts of a project. */
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
    .max(importLimits.prompts)
    .refine((prompts) => new Set(prompts.map(({ promptId }) => promptId)).size === prompts.length, {
      message: issueKey('promptOnce'),
    }),
});
export type AddResponsesRequest = z.infer<typeof addResponsesRequestSchema>;

export interface AddedResponses {
  /** Responses that are new, and prompts that got any. */
  responses: number;
  prompts: number;
  /** Left out: the prompt has a response that says the same; the prompt has as many as it may have. */
  duplicates: number;
  beyond: number;
}

/** A prompt as a model is asked it, with the responses that it has. */
export interface PromptToSample {
  promptId: PromptId;
  externalId: ExternalPromptId;
  messages: ChatMessage[];
  documents: PromptDocument[];
  responses: { id: ExternalResponseId; text: string }[];
  /** Somebody has annotated it. */
  annotated: boolean;
}
export interface PromptsToSamplePage {
  prompts: PromptToSample[];
  /** What to ask for next; null at the end. */
  after: number | null;
}
