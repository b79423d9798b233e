/**
 * Prompts with responses, one JSON object a line, as docs/formats.md describes them: the records of a snapshot, with
 * their header or without, and import files. The trainer's own reading, so that it works without the app.
 */
import * as z from 'zod';
import { listedIssues } from '../contract/issues';
import { type Message, message, messageKey } from '../contract/message';
import {
  chatMessageSchema,
  chatMessages,
  optionalField,
  type Pair,
  pairSchema,
  promptDocumentSchema,
  promptField,
  type SnapshotRecord,
  snapshotRecordSchema,
  snapshotResponseSchema,
} from '../contract/record';
import { TrainerError } from '../trainer-error';
import { contradictionsOf, resolveContradictions } from './contradictions';
import { formatOfRow, unsupportedFile } from './file-kind';
import { readJsonLines } from './json-lines';
import { isBlank } from './response-text';

const name = z.string().refine((value) => !isBlank(value), messageKey('mustNotBeEmpty'));
const orEmpty = (schema: z.ZodArray<z.ZodString>) => schema.nullish().transform((value) => value ?? []);

/** A record as people write it: most of it may be missing. */
const lineSchema = z.object({
  id: optionalField(name),
  external_id: optionalField(name),
  prompt: promptField(chatMessages(chatMessageSchema).min(1)),
  documents: optionalField(z.array(promptDocumentSchema)),
  responses: optionalField(
    z.array(
      z.object({
        id: optionalField(name),
        text: snapshotResponseSchema.shape.text,
        source: optionalField(name),
        label: optionalField(z.string()),
        tier: optionalField(snapshotResponseSchema.shape.tier.unwrap()),
      }),
    ),
  ),
  reference_label: optionalField(z.string()),
  pairs: optionalField(
    z.array(
      z.object({
        chosen: z.string(),
        rejected: z.string(),
        margin: pairSchema.shape.margin.nullish().transform((value) => value ?? 1),
        support: orEmpty(pairSchema.shape.support),
        against: orEmpty(pairSchema.shape.against),
      }),
    ),
  ),
  target: snapshotRecordSchema.shape.target,
});

/** A line as it was read; absent pairs are undefined. */
export type RecordLine = Omit<SnapshotRecord, 'pairs'> & { readonly pairs: Pair[] | undefined };

/** A file that cannot be used; the message names the file and the line. */
export class DataFileError extends TrainerError {
  override readonly name = 'DataFileError';
}

export interface RecordFile<T> {
  readonly records: readonly T[];
  /** Line number of each record. */
  readonly lines: readonly number[];
  /** Notes on the data, with file and line. */
  readonly notes: readonly Message[];
}

/** Reads lines that all are prompts; the header of a snapshot may come first. Throws DataFileError at the first bad line. */
export function readRecordLines(
  bytes: Uint8Array,
  fileName: string,
  { responses }: { responses: 'needed' | 'optional' },
): RecordFile<RecordLine> {
  const records: RecordLine[] = [];
  const lines: number[] = [];
  const notes: Message[] = [];
  const lineOfId = new Map<string, number>();
  for (const entry of readJsonLines(bytes)) {
    const refuse = (reason: Message): never => {
      throw new DataFileError(message('inFile', { file: `${fileName}:${entry.line}`, reason }));
    };
    if ('error' in entry) return refuse(entry.error);
    if (lines.length === 0 && isHeader(entry.value)) continue;
    const read = recordOf(entry.value, responses);
    if ('refusal' in read) return refuse(read.refusal);
    const { record } = read;
    const earlier = lineOfId.get(record.id);
    if (earlier !== undefined) refuse(message('promptTwice', { id: record.id, line: earlier }));
    lineOfId.set(record.id, entry.line);
    for (const key of entry.repeatedKeys) notes.push(ofLine(fileName, entry.line, message('keyRepeated', { key })));
    records.push(record);
    lines.push(entry.line);
  }
  if (records.length === 0)
    throw new DataFileError(message('inFile', { file: fileName, reason: message('noRecords') }));
  return { records, lines, notes };
}

/**
 * Reads the records that models are trained on and scored by. Contradictions are refused, or resolved with a note: see
 * `resolveContradictions`. `fileName` is for messages. `pairs` 'needed': an import file, which has none, is refused as
 * such.
 */
export function readSnapshotFile(
  bytes: Uint8Array,
  fileName: string,
  { pairs: wanted }: { pairs: 'needed' | 'optional' },
): RecordFile<SnapshotRecord> {
  const { records, lines, notes } = readRecordLines(bytes, fileName, { responses: 'needed' });
  const allNotes = [...notes];
  const read = records.map((line, i) => {
    const at = lines[i]!;
    const refuse = (reason: Message): never => {
      throw new DataFileError(ofLine(fileName, at, reason));
    };
    if (line.pairs === undefined && wanted === 'needed') {
      throw new DataFileError(message('inFile', { file: fileName, reason: message('importFileHasNoPairs') }));
    }
    const given: SnapshotRecord = { ...line, pairs: line.pairs ?? [] };
    const [refusal] = contradictionsOf(given);
    if (refusal) refuse(refusal);
    const { record, notes: own } = resolveContradictions(given);
    for (const note of own) allNotes.push(ofLine(fileName, at, note));
    return record;
  });
  return { records: read, lines, notes: allNotes };
}

const ofLine = (fileName: string, line: number, reason: Message) =>
  message('inFile', { file: `${fileName}:${line}`, reason });

const isHeader = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).join() === 'snapshot';

function recordOf(value: unknown, needed: 'needed' | 'optional'): { record: RecordLine } | { refusal: Message } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { refusal: message('lineNotObject') };
  const refuse = (reason: Message) => {
    // With both fields it is a line of ours that has mistakes in it.
    const format = 'responses' in value && 'prompt' in value ? null : formatOfRow(value);
    return { refusal: format ? unsupportedFile(format) : reason };
  };
  const missing = (field: string) => refuse(message('fieldProblem', { field, reason: message('isMissing') }));
  const result = lineSchema.safeParse(value);
  if (!result.success) return refuse(listedIssues(result.error));
  const { id, external_id, documents, responses = [], reference_label, pairs, target, prompt } = result.data;
  if (id !== undefined && external_id !== undefined && id !== external_id) {
    return refuse(message('idsDiffer', { id, externalId: external_id }));
  }
  const named = external_id ?? id;
  if (named === undefined) return missing('id');
  if (responses.length === 0 && needed === 'needed') return missing('responses');
  return {
    record: {
      id: named,
      prompt,
      ...(documents && { documents }),
      responses: responses.map((response, i) => ({
        id: response.id ?? `r${i + 1}`,
        text: response.text,
        source: response.source ?? 'unknown',
        ...(response.label !== undefined && { label: response.label }),
        ...(response.tier !== undefined && { tier: response.tier }),
      })),
      ...(reference_label !== undefined && { reference_label }),
      pairs,
      ...(target !== undefined && { target }),
    },
  };
}
