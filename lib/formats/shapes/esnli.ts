import * as z from 'zod';
import { promptText } from '@/trainer/data/esnli';
import { maybe, nameSchema, rowShape } from './shape';

const explanation = maybe(z.string());

/** Explanations of people, up to three a row: the responses, which carry the row's label. */
export const esnliRows = rowShape(
  'e-SNLI',
  z.object({
    pairID: maybe(nameSchema),
    gold_label: z.string(),
    Sentence1: explanation,
    Sentence2: explanation,
    sentence1: explanation,
    sentence2: explanation,
    Explanation_1: explanation,
    Explanation_2: explanation,
    Explanation_3: explanation,
  }),
  (row) => {
    const premise = row.Sentence1 ?? row.sentence1 ?? '';
    const hypothesis = row.Sentence2 ?? row.sentence2 ?? '';
    return {
      id: row.pairID,
      prompt: promptText({ premise, hypothesis }),
      responses: [row.Explanation_1, row.Explanation_2, row.Explanation_3]
        .filter((text) => text !== undefined && text !== '')
        .map((text) => ({ text: text!, source: 'human', label: row.gold_label })),
      referenceLabel: row.gold_label,
    };
  },
);
