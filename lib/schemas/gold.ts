import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import type { ExternalPromptId, PromptId, ResponseId } from '@/trainer/contract/ids';
import type { GoldComparison } from '../ranking/gold';
import { issueKey } from './issue';

export const setGoldSchema = z.strictObject({
  explanation: z
    .string()
    .trim()
    .max(2000)
    .refine((text) => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text), issueKey('storableText'))
    .default(''),
});

export interface GoldPrompt {
  promptId: PromptId;
  externalId: ExternalPromptId;
  explanation: string;
  createdAt: string;
}

/** What an annotator sees after judging a gold prompt; responses in the order that was on the board. */
export interface GoldFeedback extends GoldComparison {
  externalId: ExternalPromptId;
  explanation: string;
  responses: { id: ResponseId; text: string; expected: number | null; given: number | null }[];
}
