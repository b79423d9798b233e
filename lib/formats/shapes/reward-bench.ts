import * as z from 'zod';
import { maybe, nameSchema, rowShape } from './shape';

const answers = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string()).min(1));

/** RewardBench 1 and 2: every chosen answer is better than every rejected one, and those of a kind are tied. */
export const rewardBench = rowShape(
  'RewardBench',
  z.object({
    id: maybe(nameSchema),
    prompt: z.string(),
    chosen: answers,
    rejected: answers,
    models: maybe(z.array(nameSchema)),
    chosen_model: maybe(nameSchema),
    rejected_model: maybe(nameSchema),
  }),
  ({ id, prompt, chosen, rejected, models, chosen_model, rejected_model }) => {
    const texts = [...chosen, ...rejected];
    const named = models?.length === texts.length ? models : undefined;
    const sourceOf = (i: number) => named?.[i] ?? (i < chosen.length ? chosen_model : rejected_model);
    return {
      id,
      prompt,
      responses: texts.map((text, i) => ({ text, source: sourceOf(i) })),
      judgements: [{ annotator: 'RewardBench', scores: texts.map((_, i) => [i, i < chosen.length ? 1 : 0] as const) }],
    };
  },
);
