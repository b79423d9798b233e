import * as z from 'zod';
import { naturalLanguage } from './natural-language';
import { maybe, nameSchema, numberSchema, type RowJudgement, rowShape, textOrTurns } from './shape';

/** HelpSteer 1 and 2: one response a row, several rows a prompt. */
export const helpSteer = rowShape(
  'HelpSteer',
  z.object({ prompt: z.string(), response: z.string(), helpfulness: numberSchema }),
  ({ prompt, response, helpfulness }) => ({
    prompt,
    responses: [{ text: response }],
    judgements: [{ annotator: 'HelpSteer helpfulness', scores: [[0, helpfulness]], absolute: true }],
  }),
);

/** How much the second is better than the first; the other way round where it is negative. */
const byStrength = (annotator: string, strength: number): RowJudgement => ({
  annotator,
  scores: [
    [0, -strength],
    [1, strength],
  ],
});

const strengthSchema = z.object({ strength: numberSchema });

export const helpSteer2Preference = rowShape(
  'HelpSteer2 preference',
  z.object({
    prompt: z.string(),
    response_1: z.string(),
    response_2: z.string(),
    preference_strength: numberSchema,
    all_preferences_unprocessed: maybe(z.array(strengthSchema)),
  }),
  (row) => ({
    prompt: row.prompt,
    responses: [{ text: row.response_1 }, { text: row.response_2 }],
    judgements: row.all_preferences_unprocessed?.map(({ strength }, i) =>
      byStrength(`HelpSteer2 ${i + 1}`, strength),
    ) ?? [byStrength('HelpSteer2', row.preference_strength)],
  }),
);

export const helpSteer3 = rowShape(
  'HelpSteer3',
  z.object({
    id: maybe(nameSchema),
    domain: maybe(z.string()),
    language: maybe(z.string()),
    context: textOrTurns,
    response1: z.string(),
    response2: z.string(),
    overall_preference: maybe(numberSchema),
    individual_preference: maybe(z.array(z.object({ score: numberSchema }))),
  }),
  (row) => ({
    id: row.id,
    prompt: row.context,
    // Of code, it is the programming language.
    language: row.domain === 'code' ? undefined : naturalLanguage(row.language),
    responses: [{ text: row.response1 }, { text: row.response2 }],
    judgements:
      row.individual_preference?.map(({ score }, i) => byStrength(`HelpSteer3 ${i + 1}`, score)) ??
      (row.overall_preference === undefined ? [] : [byStrength('HelpSteer3', row.overall_preference)]),
  }),
);
