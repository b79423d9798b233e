import * as z from 'zod';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import { storedExternalPromptIdSchema, storedExternalResponseIdSchema } from '@/trainer/contract/ids';
import { issuesIn } from '@/trainer/contract/issues';
import { type BadLine, type Message, message } from '@/trainer/contract/message';
import { type SnapshotRecord, snapshotRecordSchema, snapshotResponseSchema } from '@/trainer/contract/record';
import { contradictionsOf, resolveContradictions } from '@/trainer/data/contradictions';
import { formatOfRow, kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import { readJsonLines } from '@/trainer/data/json-lines';
import { issue } from '../schemas/issue';
import { importLimits } from '../schemas/prompt-import';
import { type SnapshotHeader, snapshotHeaderSchema } from '../schemas/snapshot';
import type { ParsedBundle, SnapshotReader, SnapshotWriter } from './format';

/** A record may hold every document of its prompt, so its line is longer than an import's. */
export const MAX_RECORD_BYTES = 4 * importLimits.lineBytes;

/** The first line of a bundle: the header, wrapped so that it cannot be mistaken for a record. */
export function bundleHeaderLine(header: SnapshotHeader): string {
  return canonicalJson({ snapshot: header });
}

/** A record whose ids are short enough that the scores of a run on it can be stored. */
const importedRecordSchema = snapshotRecordSchema
  .extend({
    id: storedExternalPromptIdSchema,
    responses: z.array(snapshotResponseSchema.extend({ id: storedExternalResponseIdSchema })).min(1),
  })
  .strict();

const bundleHeaderSchema = z.strictObject({ snapshot: snapshotHeaderSchema });

/** Parses a bundle: the header's line, then records. The caller verifies the hash over each record's `recordLine`. */
export function parseSnapshotBundle(bytes: Uint8Array): ParsedBundle {
  let header: SnapshotHeader | null = null;
  const records: SnapshotRecord[] = [];
  const resolved: SnapshotRecord[] = [];
  const errors: BadLine[] = [];
  const notes: BadLine[] = [];
  const firstLineOf = new Map<string, number>();
  let first = true;
  for (const entry of readJsonLines(bytes, { maxLineBytes: MAX_RECORD_BYTES })) {
    const { line } = entry;
    const isHeader = first;
    first = false;
    if ('error' in entry) {
      errors.push({ line, reason: entry.error });
      continue;
    }
    if (isHeader) {
      const parsed = bundleHeaderSchema.safeParse(entry.value);
      if (parsed.success) header = parsed.data.snapshot;
      else for (const reason of notHeader(entry.value, parsed.error)) errors.push({ line, reason });
      continue;
    }
    const parsed = importedRecordSchema.safeParse(entry.value);
    const reasons = parsed.success ? contradictionsOf(parsed.data) : issuesIn(parsed.error);
    if (parsed.success) {
      const earlier = firstLineOf.get(parsed.data.id);
      if (earlier !== undefined) reasons.push(issue('idUsed', { id: parsed.data.id, line: earlier }));
      else firstLineOf.set(parsed.data.id, line);
      records.push(parsed.data);
      if (reasons.length === 0) {
        const { record, notes: resolutions } = resolveContradictions(parsed.data);
        resolved.push(record);
        const repeated = entry.repeatedKeys.map((key) => message('keyRepeated', { key }));
        for (const reason of [...repeated, ...resolutions]) notes.push({ line, reason });
      }
    }
    for (const reason of reasons) errors.push({ line, reason });
  }
  if (first) errors.push({ line: 1, reason: issue('emptySnapshot') });
  return { header, records, resolved, errors, notes };
}

/** Why a line is not a header: the format that it has, if it is recognised, else the invalid fields. */
function notHeader(value: unknown, error: z.ZodError): Message[] {
  const what = isHeader(value) ? null : formatOfRow(value);
  const reasons = what ? [message('thisIs', { what })] : issuesIn(error);
  return reasons.map((reason) => issue('notSnapshotHeader', { reason }));
}

const isHeader = (value: unknown) => typeof value === 'object' && value !== null && 'snapshot' in value;

/** The header's line, then the records: the format that can be imported again. */
export const snapshotBundle: SnapshotReader & SnapshotWriter = {
  id: 'bundle',
  title: titleOfKind('bundle'),
  holds: 'snapshot',
  sniff: ({ row }) => kindOfRow(row)?.id === 'bundle',
  read: parseSnapshotBundle,
  mediaType: 'application/x-ndjson; charset=utf-8',
  fileName: (name) => `${name}-snapshot.jsonl`,
  write: { begin: (header) => [bundleHeaderLine(header)], record: (line) => [line] },
};
