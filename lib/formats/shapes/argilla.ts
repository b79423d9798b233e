import * as z from 'zod';
import { issue } from '../../schemas/issue';
import {
  maybe,
  nameSchema,
  numberSchema,
  prefersFirst,
  RowFault,
  type RowJudgement,
  rowShape,
  textOrTurns,
} from './shape';

const rankedSchema = z.object({ value: nameSchema, rank: maybe(numberSchema) });
const responseSchema = z.object({
  user_id: maybe(nameSchema),
  values: maybe(z.record(z.string(), z.object({ value: z.unknown() }))),
});

/** Records with rankings, whose values name fields; or the chosen and rejected response of an instruction. */
export const argilla = rowShape(
  'Argilla',
  z.object({
    id: maybe(nameSchema),
    external_id: maybe(nameSchema),
    fields: maybe(z.record(z.string(), z.unknown())),
    responses: maybe(z.array(responseSchema)),
    instruction: maybe(textOrTurns),
    chosen_response: maybe(z.string()),
    rejected_response: maybe(z.string()),
  }),
  (row) => {
    const id = row.id ?? row.external_id;
    if (row.fields === undefined) {
      const { instruction, chosen_response: chosen, rejected_response: rejected } = row;
      if (instruction === undefined || chosen === undefined || rejected === undefined) {
        throw new RowFault(issue('promptNotGiven'));
      }
      return {
        id,
        prompt: instruction,
        responses: [{ text: chosen }, { text: rejected }],
        judgements: [prefersFirst('Argilla')],
      };
    }
    const texts = Object.entries(row.fields).filter((field): field is [string, string] => typeof field[1] === 'string');
    const prompt = texts.find(([name]) => ['prompt', 'instruction', 'question', 'input'].includes(name));
    if (!prompt) throw new RowFault(issue('promptNotGiven'));
    const answers = texts.filter((field) => field !== prompt);
    const names = answers.map(([name]) => name);
    return {
      id,
      prompt: prompt[1],
      responses: answers.map(([, text]) => ({ text })),
      judgements: (row.responses ?? []).flatMap((response, i) =>
        rankings(response, names, `Argilla ${response.user_id ?? i + 1}`),
      ),
    };
  },
);

function rankings({ values = {} }: z.infer<typeof responseSchema>, names: string[], annotator: string): RowJudgement[] {
  return Object.values(values).flatMap(({ value }) => {
    const ranked = z.array(rankedSchema).safeParse(value);
    if (!ranked.success) return [];
    const scores = ranked.data
      .map(({ value: name, rank }) => [names.indexOf(name), rank] as const)
      .flatMap(([i, rank]) => (i >= 0 && rank !== undefined ? [[i, -rank] as const] : []));
    return [{ annotator, scores }];
  });
}
