import * as z from 'zod';
import { comparedAnswers, maybe, nameSchema, prefersFirst, rowShape, textOrTurns } from './shape';

/** Explicit, implicit or conversational preferences of TRL; so are Tulu 3's and Skywork's, with an id. */
export const trlPreferenceRows = rowShape(
  'TRL preference',
  z.object({
    id: maybe(nameSchema),
    prompt: maybe(textOrTurns),
    chosen: textOrTurns,
    rejected: textOrTurns,
    chosen_model: maybe(nameSchema),
    rejected_model: maybe(nameSchema),
  }),
  ({ id, prompt: given, chosen, rejected, chosen_model, rejected_model }) => {
    const { prompt, texts } = comparedAnswers(given, [chosen, rejected]);
    const sources = [chosen_model, rejected_model];
    return {
      id,
      prompt,
      responses: texts.map((text, i) => ({ text, source: sources[i] })),
      judgements: [prefersFirst('TRL preference')],
    };
  },
);
