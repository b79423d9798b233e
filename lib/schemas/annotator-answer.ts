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
import { timeSchema } from './answer-fields';
import { myMarkSchema } from './prompt-mark';
import { remarksSchema } from './remarks';

/** One annotator's judgement, remarks and marks of one prompt, for the project's researchers. */
export const annotatorAnswerSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  messages: z.array(chatMessageSchema),
  documents: z.array(promptDocumentSchema),
  annotator: z.strictObject({ id: z.string(), name: z.string() }),
  responses: z.array(
    z.strictObject({
      id: responseIdSchema,
      externalId: externalResponseIdSchema,
      text: z.string(),
      source: z.string(),
      withdrawn: z.boolean(),
    }),
  ),
  /** Whether texts have been corrected since; those here are what the annotator judged. */
  corrected: z.boolean(),
  /** False where the prompt is withdrawn, or a correction asks for another judgement. */
  counts: z.boolean(),
  /** The current version; null when the prompt was only marked. `tiers` are the names that the board showed. */
  annotation: judgementSchema
    .extend({ version: countSchema, createdAt: timeSchema, tiers: z.array(z.string()), remarks: remarksSchema })
    .nullable(),
  marks: z.array(myMarkSchema),
});
export type AnnotatorAnswer = z.infer<typeof annotatorAnswerSchema>;
