/** What the columns of a file hold, as its researcher says: how rows of no known shape become prompts and responses. */
import '@/trainer/contract/without-compiling';
import * as z from 'zod';
import { issueKey } from './issue';
import { importLimits, sourceName } from './prompt-import';
import { isStorable } from './storable';

export const columnLimits = {
  /** Columns that are shown of a file; one that is further behind can still be named. */
  columns: 200,
  nameLength: 200,
  documents: 16,
  /** Values that are shown of a column, and their length. */
  samples: 3,
  sampleLength: 160,
  /** Of a mapping as text. */
  textLength: 8_000,
} as const;

export const columnName = z
  .string()
  .min(1)
  .max(columnLimits.nameLength)
  .refine(isStorable, { message: issueKey('storableText') });
const column = columnName.optional();

/** One column with responses, or with lists of them. */
const responseColumnSchema = z.strictObject({
  column: columnName,
  /** The column with the name of who wrote it. */
  source: column,
  /** Who wrote all of it. Without either, it is the name of the column; of a single one, nobody knows. */
  sourceName: sourceName.optional(),
  label: column,
  /** How good it is, as a number. */
  score: column,
});

const responseColumns = z.array(responseColumnSchema).max(importLimits.maxResponses);

/** A mapping that somebody has begun. */
export const columnDraftSchema = z.strictObject({
  /** A text, or a list of messages. */
  prompt: column,
  system: column,
  id: column,
  documents: z.array(columnName).max(columnLimits.documents).optional(),
  responses: responseColumns,
  referenceLabel: column,
  language: column,
  priority: column,
  /** Names the best response of its row, or says that they are tied. */
  winner: column,
  /** Who judged; without it, the judgements go by the name of the column that they stand in. */
  annotator: column,
  /** Scores are ranks: 1 is the best. */
  lowerIsBetter: z.boolean().optional(),
});
export type ColumnDraft = z.infer<typeof columnDraftSchema>;

/**
 * A single response column means one response a row, where rows with the same prompt are one prompt. Judgements come of
 * scores, or of a column that names the best response.
 */
export const columnMappingSchema = columnDraftSchema
  .extend({ prompt: columnName, responses: responseColumns.min(1) })
  .superRefine(({ responses, winner }, context) => {
    const names = responses.map(({ column }) => column);
    const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
    if (twice >= 0)
      context.addIssue({ code: 'custom', path: ['responses', twice, 'column'], message: issueKey('appearsTwice') });
    if (winner !== undefined && names.length < 2)
      context.addIssue({ code: 'custom', path: ['winner'], message: issueKey('winnerOfOne') });
  });
export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/** A column of a file: its name and some of its values, shortened. */
export const fileColumnSchema = z.strictObject({
  name: z.string(),
  samples: z.array(z.string()).max(columnLimits.samples),
});
export type FileColumn = z.infer<typeof fileColumnSchema>;

/** The columns that a mapping names, each once, in the order of its fields. */
export function mappedColumns(mapping: ColumnDraft): string[] {
  const {
    prompt,
    system,
    id,
    documents = [],
    responses,
    referenceLabel,
    language,
    priority,
    winner,
    annotator,
  } = mapping;
  const ofResponses = responses.flatMap(({ column, source, label, score }) => [column, source, label, score]);
  const all = [prompt, system, id, ...documents, ...ofResponses, referenceLabel, language, priority, winner, annotator];
  return [...new Set(all.filter((name) => name !== undefined))];
}
