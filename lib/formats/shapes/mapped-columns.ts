/** Rows of no known shape, read as somebody says that their columns are to be read. */
import * as z from 'zod';
import { listedIssues } from '@/trainer/contract/issues';
import { isBlank } from '@/trainer/data/response-text';
import { type ColumnMapping, mappedColumns } from '../../schemas/column-mapping';
import { issue } from '../../schemas/issue';
import type { FileRow } from '../file-row';
import type { ImportEvents } from '../format';
import { columnWords, commonPart, distinctParts } from './column-words';
import { type Gathering, gatherPrompts } from './gather-prompts';
import { naturalLanguage } from './natural-language';
import {
  comparedAnswers,
  numberSchema,
  type PromptPart,
  RowFault,
  type RowJudgement,
  type Shape,
  type Turn,
  textOrTurns,
  turnSchema,
} from './shape';

type Row = Readonly<Record<string, unknown>>;
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Columns that are named where a file lacks one. */
const NAMED_COLUMNS = 20;

/**
 * The prompts in a file with mapped columns. A column that no row has is a fault of the whole file: nothing of it is read,
 * since it may have been renamed.
 */
export async function* readMapped(
  mapping: ColumnMapping,
  rows: AsyncIterable<FileRow>,
  gathering?: Gathering,
): ImportEvents {
  const title = issue('mappedFile');
  const missing = new Set(mappedColumns(mapping));
  const names = new Set<string>();
  async function* noted() {
    for await (const row of rows) {
      if ('value' in row && isRow(row.value) && missing.size > 0) {
        for (const name of Object.keys(row.value)) {
          missing.delete(name);
          if (names.size < NAMED_COLUMNS) names.add(name);
        }
      }
      yield row;
    }
  }
  const found = yield* gatherPrompts(mappedShape(mapping), { id: 'columns', title, fields: [] }, noted(), gathering);
  if (missing.size === 0 || names.size === 0) return found;
  const reason = issue('columnsMissing', {
    count: missing.size,
    missing: [...missing].map((name) => `“${name}”`).join(', '),
    columns: [...names].join(', '),
  });
  yield { nothing: { line: 1, reason, ends: true } };
  return { ...found, merged: 0, judgements: 0, pairs: 0 };
}

const mappedShape = (mapping: ColumnMapping): Shape => ({
  id: 'columns',
  title: issue('mappedFile'),
  start: () => ({
    row: (value) => {
      if (!isRow(value)) throw new RowFault(issue('notObject'));
      return [partOf(mapping, value)];
    },
  }),
});

/** An empty cell of a table says that there is none. */
const absentIfBlank = (value: unknown) =>
  value === null || (typeof value === 'string' && isBlank(value)) ? undefined : value;
const cell = <T extends z.ZodType>(schema: T) => z.preprocess(absentIfBlank, schema.optional());

const textSchema = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
  z.string(),
);
const truths: Readonly<Record<string, number>> = { true: 1, false: 0 };
const scoreSchema = z.preprocess(
  (value) =>
    typeof value === 'boolean' || typeof value === 'string' ? (truths[String(value).toLowerCase()] ?? value) : value,
  numberSchema,
);

/** Tables hold lists as the text that JSON has for them. */
const fromJson = (value: unknown, fits: (list: unknown) => boolean): unknown => {
  if (typeof value !== 'string' || !value.trimStart().startsWith('[')) return value;
  try {
    const list: unknown = JSON.parse(value);
    return fits(list) ? list : value;
  } catch {
    return value;
  }
};
const turnsSchema = z.array(turnSchema).min(1);
const isTurns = (value: unknown) => turnsSchema.safeParse(value).success;
const promptSchema = z.preprocess((value) => fromJson(value, isTurns), textOrTurns);

const documentSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { text: value } : value),
  z.object({ title: cell(textSchema), text: z.string() }),
);
const documentListSchema = z.array(documentSchema);
const documentsSchema = z.preprocess((value) => {
  const list = fromJson(value, (one) => documentListSchema.safeParse(one).success);
  return Array.isArray(list) ? list : [list];
}, documentListSchema);

const isTexts = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');

interface Answer {
  /** Its place among the columns. */
  column: number;
  conversation: string | Turn[];
  source: string | undefined;
  label: string | undefined;
  score: number | undefined;
}

function partOf(mapping: ColumnMapping, row: Row): PromptPart {
  const valueIn = (column: string) => (Object.hasOwn(row, column) ? row[column] : undefined);
  const read = <T extends z.ZodType>(schema: T, column: string | undefined): z.output<T> | undefined =>
    column === undefined ? undefined : checked(cell(schema), valueIn(column), column);
  const text = (column: string | undefined) => read(textSchema, column);

  const answers = mapping.responses.flatMap((_, i) => answersIn(mapping, i, valueIn));
  const { prompt, texts } = comparedAnswers(
    read(promptSchema, mapping.prompt),
    answers.map(({ conversation }) => conversation),
  );
  const system = text(mapping.system);
  const turns = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;
  const documents = mapping.documents?.flatMap((column) => {
    const list = read(documentsSchema, column) ?? [];
    return list.map((one, i) => ({
      title: one.title ?? (list.length > 1 ? `${column} ${i + 1}` : column),
      text: one.text,
    }));
  });
  const language = text(mapping.language);
  return {
    id: text(mapping.id),
    prompt: system === undefined ? prompt : [{ role: 'system', content: system }, ...turns],
    ...(documents && documents.length > 0 && { documents }),
    responses: answers.map(({ source, label }, i) => ({ text: texts[i]!, source, label })),
    referenceLabel: text(mapping.referenceLabel),
    // What is no language's name is refused by the import's own schema.
    language: naturalLanguage(language) ?? language,
    priority: read(numberSchema, mapping.priority),
    judgements: judgementsOf(mapping, answers, { annotator: text(mapping.annotator), winner: text(mapping.winner) }),
  };
}

function checked<T extends z.ZodType>(schema: T, value: unknown, column: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RowFault(listedIssues(result.error, column));
}

/** The responses in one column: one, none where it is empty, or several where it holds a list. */
function answersIn(mapping: ColumnMapping, index: number, valueIn: (column: string) => unknown): Answer[] {
  const { column, source, sourceName, label, score } = mapping.responses[index]!;
  const value = absentIfBlank(valueIn(column));
  if (value === undefined) return [];
  const given = isTexts(value) ? value : [value];
  const ofEach = <T extends z.ZodType>(schema: T, other: string | undefined): (z.output<T> | undefined)[] => {
    if (other === undefined) return [];
    const all = valueIn(other);
    if (isTexts(value) && Array.isArray(all) && all.length !== given.length)
      throw new RowFault(
        issue('listLengths', { column: other, count: all.length, responses: given.length, of: column }),
      );
    const list = isTexts(value) && Array.isArray(all) ? all : given.map(() => all);
    return list.map((one) => checked(cell(schema), one, other));
  };
  const unnamed = mapping.responses.length > 1 ? column : undefined;
  const sources = ofEach(textSchema, source);
  const labels = ofEach(textSchema, label);
  const scores = ofEach(scoreSchema, score);
  return given.map((one, i) => ({
    column: index,
    conversation: checked(textOrTurns, typeof one === 'number' ? String(one) : fromJson(one, isTurns), column),
    source: source === undefined ? (sourceName ?? unnamed) : sources[i],
    label: labels[i],
    score: scores[i],
  }));
}

function judgementsOf(
  mapping: ColumnMapping,
  answers: readonly Answer[],
  { annotator, winner }: { annotator: string | undefined; winner: string | undefined },
): RowJudgement[] {
  const { responses, lowerIsBetter } = mapping;
  const judgements: RowJudgement[] = [];
  const scores = answers.flatMap(({ score }, i) =>
    score === undefined ? [] : [[i, lowerIsBetter ? -score : score] as const],
  );
  if (scores.length > 0) {
    const columns = responses.map(({ score }) => score).filter((name) => name !== undefined);
    // Ranks compare within their row; where a row has a single response, within the prompt.
    const absolute = (!lowerIsBetter || responses.length === 1) && { absolute: true as const };
    judgements.push({ annotator: annotator ?? commonPart([...new Set(columns)]), scores, ...absolute });
  }
  if (winner !== undefined && mapping.winner !== undefined && answers.length > 1) {
    for (const one of outcomes(winner, mapping, answers)) {
      judgements.push({ annotator: annotator ?? mapping.winner, ...one });
    }
  }
  return judgements;
}

const TIES = ['tie', 'ties', 'tied', 'draw', 'equal', 'same', 'both', 'both good', 'tie both good'];
const BOTH_BAD = ['neither', 'none', 'both bad', 'bothbad', 'tie both bad', 'tie bothbad', 'all bad'];

/** What follows when a response is the best: of the others nothing is said. */
function outcomes(
  winner: string,
  { responses, winner: column }: ColumnMapping,
  answers: readonly Answer[],
): Pick<RowJudgement, 'scores' | 'allBad'>[] {
  const said = columnWords(winner).join(' ');
  const tied = answers.map((_, i) => [i, 0] as const);
  if (BOTH_BAD.includes(said)) return [{ scores: tied, allBad: true }];
  const parts = distinctParts(responses.map(({ column: name }) => name));
  const sources = responses.map(({ source }) => source);
  const sourceParts = distinctParts(sources.map((name) => name ?? ''));
  const isNamed = ({ column: index, source }: Answer) =>
    [responses[index]!.column, parts[index], sources[index], sourceParts[index], source].some(
      (name) => name !== undefined && name !== '' && (name === winner || columnWords(name).join(' ') === said),
    );
  const best = answers.flatMap((answer, i) => (isNamed(answer) ? [i] : []));
  if (best.length === 0 && TIES.includes(said)) return [{ scores: tied }];
  if (best.length !== 1) {
    throw new RowFault(issue('winnerUnknown', { column: column!, value: winner, names: parts.join(', ') }));
  }
  return answers.flatMap((_, i) => (i === best[0] ? [] : [{ scores: [[best[0]!, 1] as const, [i, 0] as const] }]));
}
