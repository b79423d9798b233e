import '@/trainer/contract/without-compiling';
import * as z from 'zod';
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
  promptId: string;
  externalId: string;
  explanation: string;
  createdAt: string;
}

/** What an annotator sees after judging a gold prompt; responses in the order that was on the board. */
export interface GoldFeedback extends GoldComparison {
  externalId: string;
  explanation: string;
  responses: { id: string; text: string; expected: number | null; given: number | null }[];
}
