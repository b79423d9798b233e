/** Correcting, withdrawing and restoring a prompt or one of its responses. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import {
  externalPromptIdSchema,
  externalResponseIdSchema,
  promptIdSchema,
  responseIdSchema,
} from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { chatMessageSchema } from '@/trainer/contract/record';
import { timeSchema } from './answer-fields';
import { importedMessages, responseText } from './prompt-import';
import { storableText } from './remarks';

const reason = { note: storableText(1000).default('') };

export const changePromptSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('correct'),
    ...reason,
    /** What is corrected: a response's text, or the prompt's messages. */
    text: z.union([
      z.strictObject({ responseId: responseIdSchema, text: responseText }),
      z.strictObject({ messages: importedMessages }),
    ]),
    /** Whether what people have said no longer counts, and they are asked again; else it still holds. */
    judgeAgain: z.boolean(),
    /** The version of the texts that was corrected. */
    textVersion: z.int().min(1),
  }),
  z.strictObject({
    kind: z.enum(['withdraw', 'restore']),
    ...reason,
    /** The response; without it, the prompt. */
    responseId: responseIdSchema.optional(),
  }),
]);
export type ChangePrompt = z.infer<typeof changePromptSchema>;

const promptChangeSchema = z.strictObject({
  kind: z.enum(['corrected', 'withdrawn', 'restored']),
  /** Null: the prompt itself. */
  response: externalResponseIdSchema.nullable(),
  note: z.string(),
  judgeAgain: z.boolean(),
  by: z.string(),
  at: timeSchema,
});

/** A prompt with its texts as they are, what a change would touch, and what was changed before. */
export const changeablePromptSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  textVersion: countSchema,
  priority: z.int(),
  withdrawnAt: timeSchema.nullable(),
  messages: z.array(chatMessageSchema),
  responses: z.array(
    z.strictObject({
      id: responseIdSchema,
      externalId: externalResponseIdSchema,
      source: z.string(),
      text: z.string(),
      withdrawnAt: timeSchema.nullable(),
    }),
  ),
  reach: z.strictObject({
    /** How many people's annotations count now. */
    judged: countSchema,
    /** How many have begun to judge it and not saved yet. */
    drafts: countSchema,
    /** How many snapshots the project has, which stay as they are. */
    snapshots: countSchema,
  }),
  /** The newest first. */
  changes: z.array(promptChangeSchema),
});
export type ChangeablePrompt = z.infer<typeof changeablePromptSchema>;
