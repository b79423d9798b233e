import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { countSchema } from '@/trainer/contract/numbers';
import { shareSchema } from './answer-fields';

/**
 * Where the number of annotators adapts: how certain the consensus is, of how many annotators at most, and whether that
 * closed the prompt before them.
 */
export const promptCertaintySchema = z.strictObject({ share: shareSchema, most: countSchema, isClosed: z.boolean() });
export type PromptCertainty = z.infer<typeof promptCertaintySchema>;
