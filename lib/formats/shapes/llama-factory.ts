import * as z from 'zod';
import { comparedAnswers, maybe, nameSchema, prefersFirst, rowShape, textOrTurns, turnSchema } from './shape';

const id = { id: maybe(nameSchema), external_id: maybe(nameSchema) };

/** LLaMA-Factory's preferences in ShareGPT's turns. */
export const shareGptPreference = rowShape(
  'ShareGPT',
  z.object({ ...id, conversations: z.array(turnSchema).min(1), chosen: textOrTurns, rejected: textOrTurns }),
  (row) => {
    const { prompt, texts } = comparedAnswers(row.conversations, [row.chosen, row.rejected]);
    return {
      id: row.id ?? row.external_id,
      prompt,
      responses: texts.map((text) => ({ text })),
      judgements: [prefersFirst('ShareGPT preference')],
    };
  },
);

/** LLaMA-Factory's preferences in Alpaca's fields. */
export const alpacaPreference = rowShape(
  'Alpaca preference',
  z.object({ ...id, instruction: z.string(), input: maybe(z.string()), chosen: z.string(), rejected: z.string() }),
  ({ instruction, input, chosen, rejected, ...row }) => ({
    id: row.id ?? row.external_id,
    prompt: input ? `${instruction}\n${input}` : instruction,
    responses: [{ text: chosen }, { text: rejected }],
    judgements: [prefersFirst('Alpaca preference')],
  }),
);
