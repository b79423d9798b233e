import * as z from 'zod';
import { maybe, nameSchema, numberSchema, type RowJudgement, rowShape } from './shape';

/** Which of two responses is better, by several annotators; 0 is a tie. Each comparison was made by itself. */
export const pandaLm = rowShape(
  'PandaLM',
  z.looseObject({
    idx: nameSchema,
    cmp_key: maybe(z.string()),
    instruction: z.string(),
    input: maybe(z.string()),
    response1: z.string(),
    response2: z.string(),
  }),
  ({ idx, cmp_key: models, instruction, input, response1, response2, ...row }) => {
    const [first, second] = models?.split('_') ?? [];
    return {
      id: idx,
      apart: true,
      prompt: input ? `${instruction}\n\n${input}` : instruction,
      responses: [
        { text: response1, source: first },
        { text: response2, source: second },
      ],
      judgements: Object.entries(row).flatMap(([name, value]): RowJudgement[] => {
        const better = /^annotator\d+$/.test(name) ? numberSchema.safeParse(value).data : undefined;
        if (better === undefined) return [];
        return [
          {
            annotator: `PandaLM ${name}`,
            scores: [
              [0, better === 1 ? 1 : 0],
              [1, better === 2 ? 1 : 0],
            ],
          },
        ];
      }),
    };
  },
);
