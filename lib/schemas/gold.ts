import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { externalPromptIdSchema, promptIdSchema, responseIdSchema } from '@/trainer/contract/ids';
import { countSchema } from '@/trainer/contract/numbers';
import { shareSchema, timeSchema } from './answer-fields';
import { issueKey } from './issue';
import { isStorable } from './storable';

export const setGoldSchema = z.strictObject({
  explanation: z.string().trim().max(2000).refine(isStorable, issueKey('storableText')).default(''),
});

export const goldPromptSchema = z.strictObject({
  promptId: promptIdSchema,
  externalId: externalPromptIdSchema,
  explanation: z.string(),
  createdAt: timeSchema,
});
export type GoldPrompt = z.infer<typeof goldPromptSchema>;
export const goldPromptsAnswerSchema = z.strictObject({ gold: z.array(goldPromptSchema) });
export type GoldPromptsAnswer = z.infer<typeof goldPromptsAnswerSchema>;

export const goldPairSchema = z.strictObject({
  a: responseIdSchema,
  b: responseIdSchema,
  /** agreed: the same order, or both tied; contradicted: the opposite; tied: one tied what the other ordered. */
  verdict: z.enum(['agreed', 'contradicted', 'tied']),
});
export type GoldPair = z.infer<typeof goldPairSchema>;

/** The pairs of responses that both placed, and the share of them that agreed; null when there is no such pair. */
export const goldComparisonSchema = z.strictObject({
  pairs: z.array(goldPairSchema),
  share: shareSchema.nullable(),
});
export type GoldComparison = z.infer<typeof goldComparisonSchema>;

/** The feedback on a gold prompt that has been judged; responses are in the order of the board. */
export const goldFeedbackSchema = goldComparisonSchema.extend({
  externalId: externalPromptIdSchema,
  explanation: z.string(),
  responses: z.array(
    z.strictObject({
      id: responseIdSchema,
      text: z.string(),
      expected: countSchema.nullable(),
      given: countSchema.nullable(),
    }),
  ),
});
export type GoldFeedback = z.infer<typeof goldFeedbackSchema>;
