import * as z from 'zod';
import { comparedAnswers, dialogueTurns, prefersFirst, rowShape } from './shape';

/** Two whole dialogues that differ in their last turn. */
export const hhRlhf = rowShape(
  'HH-RLHF',
  z.object({ chosen: z.string(), rejected: z.string() }),
  ({ chosen, rejected }) => {
    const { prompt, texts } = comparedAnswers(undefined, [dialogueTurns(chosen), dialogueTurns(rejected)]);
    return { prompt, responses: texts.map((text) => ({ text })), judgements: [prefersFirst('HH-RLHF')] };
  },
);
