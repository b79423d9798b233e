import * as z from 'zod';
import { dialogueTurns, maybe, nameSchema, numberSchema, rowShape } from './shape';

/** Prompts are dialogues that end with an empty turn of the assistant; a rank of 1 is the best. */
export const nectar = rowShape(
  'Nectar',
  z.object({
    prompt: z.string(),
    answers: z.array(z.object({ answer: z.string(), model: maybe(nameSchema), rank: maybe(numberSchema) })),
  }),
  ({ prompt, answers }) => ({
    prompt: prompt.includes('Human:') ? withoutOpenTurn(dialogueTurns(prompt)) : prompt,
    responses: answers.map(({ answer, model }) => ({ text: answer, source: model })),
    judgements: [
      { annotator: 'Nectar', scores: answers.flatMap(({ rank }, i) => (rank === undefined ? [] : [[i, -rank]])) },
    ],
  }),
);

function withoutOpenTurn(turns: ReturnType<typeof dialogueTurns>) {
  const last = turns.at(-1)!;
  return last.role === 'assistant' && last.content.trim() === '' ? turns.slice(0, -1) : turns;
}
