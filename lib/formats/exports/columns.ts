/** The columns that rows of any format can carry beside what their trainer reads. */
import type { SnapshotRecord, SnapshotResponse } from '@/trainer/contract/record';
import type { ExtraColumn } from '../../schemas/export';
import type { Field, FieldType, Row, RowContext } from './exporter';
import type { TextPair } from './record-views';

export const field = (name: string, type: FieldType, about: string): Field => ({ name, type, about });

export const messageType: FieldType = { struct: { role: 'string', content: 'string' } };

/** A conversation. */
export const messagesType: FieldType = { list: messageType };

const promptId: Field = { name: 'prompt_id', type: 'string', about: "the prompt's id in the project" };
const split: Field = { name: 'split', type: 'string', about: 'the split of the prompt' };

/** A prompt's id keeps that name even where a trainer's own field is called so. */
const pairColumns: Readonly<Record<ExtraColumn, readonly Field[]>> = {
  prompt_id: [promptId],
  sources: [
    { name: 'chosen_source', type: 'string', about: 'who wrote the better response: a model, or human' },
    { name: 'rejected_source', type: 'string', about: 'who wrote the worse response' },
  ],
  margin: [{ name: 'margin', type: 'number', about: 'tiers between the two responses, at least 1' }],
  support: [
    { name: 'support', type: 'integer', about: 'annotators who prefer the better response' },
    { name: 'against', type: 'integer', about: 'annotators who prefer the other one' },
  ],
  split: [split],
};

const responseColumns: Readonly<Partial<Record<ExtraColumn, readonly Field[]>>> = {
  prompt_id: [promptId],
  sources: [{ name: 'source', type: 'string', about: 'who wrote the response: a model, or human' }],
  split: [split],
};

const promptColumns: Readonly<Partial<Record<ExtraColumn, readonly Field[]>>> = {
  prompt_id: [promptId],
  sources: [{ name: 'sources', type: { list: 'string' }, about: 'who wrote each response, in the order of responses' }],
  split: [split],
};

const chosenFields =
  (of: Readonly<Partial<Record<ExtraColumn, readonly Field[]>>>) =>
  (columns: ReadonlySet<ExtraColumn>): Field[] =>
    (Object.keys(of) as ExtraColumn[]).flatMap((column) => (columns.has(column) ? (of[column] ?? []) : []));

export const pairColumnFields = chosenFields(pairColumns);
export const responseColumnFields = chosenFields(responseColumns);
export const promptColumnFields = chosenFields(promptColumns);

export function pairColumnValues(record: SnapshotRecord, pair: TextPair, { columns, split }: RowContext): Row {
  const values: Record<string, unknown> = {};
  if (columns.has('prompt_id')) values.prompt_id = record.id;
  if (columns.has('sources')) {
    values.chosen_source = pair.chosen.source;
    values.rejected_source = pair.rejected.source;
  }
  if (columns.has('margin')) values.margin = pair.margin;
  if (columns.has('support')) {
    values.support = pair.support.length;
    values.against = pair.against.length;
  }
  if (columns.has('split')) values.split = split;
  return values;
}

export function responseColumnValues(
  record: SnapshotRecord,
  { source }: SnapshotResponse,
  { columns, split }: RowContext,
): Row {
  return {
    ...(columns.has('prompt_id') ? { prompt_id: record.id } : {}),
    ...(columns.has('sources') ? { source } : {}),
    ...(columns.has('split') ? { split } : {}),
  };
}

export function promptColumnValues(
  record: SnapshotRecord,
  responses: readonly SnapshotResponse[],
  { columns, split }: RowContext,
): Row {
  return {
    ...(columns.has('prompt_id') ? { prompt_id: record.id } : {}),
    ...(columns.has('sources') ? { sources: responses.map(({ source }) => source) } : {}),
    ...(columns.has('split') ? { split } : {}),
  };
}
