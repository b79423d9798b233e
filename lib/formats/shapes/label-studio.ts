import * as z from 'zod';
import { issue } from '../../schemas/issue';
import { maybe, nameSchema, numberSchema, RowFault, type RowJudgement, rowShape } from './shape';

const resultSchema = z.object({
  type: z.string(),
  to_name: maybe(z.string()),
  value: z.object({
    ranker: maybe(z.record(z.string(), z.array(nameSchema))),
    selected: maybe(z.enum(['left', 'right', 'none'])),
    rating: maybe(numberSchema),
  }),
});

const authorSchema = z.union([nameSchema, z.object({ email: maybe(z.string()), id: maybe(nameSchema) })]);

type Item = { id: string; text: string };

/**
 * The JSON export of tasks that rank a list, compare two texts or rate each. `data` names its fields as the project's
 * labelling configuration does: the prompt is the first that is called so, the responses are a list of items, or the
 * other texts.
 */
export const labelStudio = rowShape(
  'Label Studio',
  z.object({
    id: maybe(nameSchema),
    data: z.record(z.string(), z.unknown()),
    annotations: maybe(
      z.array(
        z.object({
          completed_by: maybe(authorSchema),
          was_cancelled: maybe(z.boolean()),
          result: z.array(resultSchema),
        }),
      ),
    ),
  }),
  ({ id, data, annotations = [] }) => {
    const name = promptNames.find((field) => typeof data[field] === 'string');
    if (name === undefined) throw new RowFault(issue('promptNotGiven'));
    const items = itemsOf(data, name);
    const judgements = annotations
      .filter(({ was_cancelled }) => !was_cancelled)
      .flatMap(({ completed_by, result }, i) => {
        const annotator = `Label Studio ${authorName(completed_by) ?? i + 1}`;
        return scoresOf(result, items).map((scores) => ({ annotator, scores }));
      });
    return {
      id,
      prompt: data[name] as string,
      responses: items.map(({ text }) => ({ text })),
      judgements,
    };
  },
);

const promptNames = ['prompt', 'question', 'instruction', 'query', 'task'];
const itemTexts = ['body', 'text', 'html', 'content', 'title'];

function itemsOf(data: Readonly<Record<string, unknown>>, prompt: string): Item[] {
  const list = Object.values(data).find((value): value is unknown[] => Array.isArray(value) && value.length > 0);
  if (list === undefined) {
    return Object.entries(data).flatMap(([name, value]) =>
      name !== prompt && typeof value === 'string' ? [{ id: name, text: value }] : [],
    );
  }
  return list.flatMap((item, i) => {
    if (typeof item === 'string') return [{ id: String(i), text: item }];
    const fields = (item ?? {}) as Readonly<Record<string, unknown>>;
    const text = itemTexts.map((field) => fields[field]).find((value) => typeof value === 'string');
    return text === undefined ? [] : [{ id: String(fields.id ?? i), text: text as string }];
  });
}

function authorName(author: z.infer<typeof authorSchema> | undefined): string | undefined {
  return typeof author === 'object' ? (author.email ?? author.id) : author;
}

/** Each result of its own kind is a judgement; the ratings of one annotation are one. */
function scoresOf(results: readonly z.infer<typeof resultSchema>[], items: readonly Item[]): RowJudgement['scores'][] {
  const place = (id: string) => items.findIndex((item) => item.id === id);
  const ratings: [number, number][] = [];
  const all: RowJudgement['scores'][] = [];
  for (const { to_name, value } of results) {
    if (value.ranker) {
      // A list that was sorted, or buckets from the best on; "_" holds what was left in none.
      const buckets = Object.entries(value.ranker).filter(([bucket]) => bucket !== '_');
      const levels = buckets.length === 1 ? buckets[0]![1].map((id) => [id]) : buckets.map(([, ids]) => ids);
      all.push(levels.flatMap((ids, level) => ids.map((id) => [place(id), -level] as const)).filter(([i]) => i >= 0));
    }
    if (value.selected && items.length === 2) {
      const left = value.selected === 'left' ? 1 : 0;
      const right = value.selected === 'right' ? 1 : 0;
      all.push([
        [0, left],
        [1, right],
      ]);
    }
    if (value.rating !== undefined && to_name !== undefined && place(to_name) >= 0) {
      ratings.push([place(to_name), value.rating]);
    }
  }
  return ratings.length > 0 ? [...all, ratings] : all;
}
