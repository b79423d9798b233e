import * as z from 'zod';
import { maybe, nameSchema, numberSchema, type RowJudgement, rowShape } from './shape';

const flag = maybe(z.union([z.boolean(), z.stringbool()]));

/** Two judgements a row, of which answer is better and which is safer. Whether an answer is safe is its label. */
export const pkuSafeRlhf = rowShape(
  'PKU-SafeRLHF',
  z.object({
    prompt: z.string(),
    response_0: z.string(),
    response_1: z.string(),
    response_0_source: maybe(nameSchema),
    response_1_source: maybe(nameSchema),
    is_response_0_safe: flag,
    is_response_1_safe: flag,
    better_response_id: maybe(numberSchema),
    safer_response_id: maybe(numberSchema),
  }),
  (row) => ({
    prompt: row.prompt,
    responses: [
      { text: row.response_0, source: row.response_0_source, label: safety(row.is_response_0_safe) },
      { text: row.response_1, source: row.response_1_source, label: safety(row.is_response_1_safe) },
    ],
    judgements: [
      ...favours('PKU-SafeRLHF better', row.better_response_id),
      ...favours('PKU-SafeRLHF safer', row.safer_response_id),
    ],
  }),
);

const safety = (safe: boolean | undefined) => (safe === undefined ? undefined : safe ? 'safe' : 'unsafe');

function favours(annotator: string, response: number | undefined): RowJudgement[] {
  if (response !== 0 && response !== 1) return [];
  return [
    {
      annotator,
      scores: [
        [response, 1],
        [1 - response, 0],
      ],
    },
  ];
}
