import * as z from 'zod';
import { comparedAnswers, maybe, nameSchema, numberSchema, rowShape, textOrTurns } from './shape';

export const ultraFeedback = rowShape(
  'UltraFeedback',
  z.object({
    instruction: z.string(),
    completions: z.array(
      z.object({ model: maybe(nameSchema), response: z.string(), overall_score: maybe(numberSchema) }),
    ),
  }),
  ({ instruction, completions }) => ({
    prompt: instruction,
    responses: completions.map(({ model, response }) => ({ text: response, source: model })),
    judgements: [
      {
        annotator: 'UltraFeedback overall score',
        scores: completions.flatMap(({ overall_score }, i) =>
          overall_score === undefined ? [] : [[i, overall_score]],
        ),
        absolute: true,
      },
    ],
  }),
);

export const binarizedUltraFeedback = rowShape(
  'binarized UltraFeedback',
  z.object({
    prompt: maybe(textOrTurns),
    prompt_id: maybe(nameSchema),
    chosen: textOrTurns,
    rejected: textOrTurns,
    score_chosen: numberSchema,
    score_rejected: numberSchema,
  }),
  (row) => {
    const { prompt, texts } = comparedAnswers(row.prompt, [row.chosen, row.rejected]);
    return {
      id: row.prompt_id,
      prompt,
      responses: texts.map((text) => ({ text })),
      judgements: [
        {
          annotator: 'UltraFeedback overall score',
          scores: [
            [0, row.score_chosen],
            [1, row.score_rejected],
          ],
          absolute: true,
        },
      ],
    };
  },
);
