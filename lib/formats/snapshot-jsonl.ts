import * as z from 'zod';
import { importLimits, type LineError } from '../schemas/prompt-import';
import {
  type SnapshotHeader,
  type SnapshotRecord,
  snapshotHeaderSchema,
  snapshotRecordSchema,
} from '../schemas/snapshot';
import { canonicalJson } from './canonical-json';
import { issueMessages, readJsonLines } from './jsonl';

/** A record may hold every document of its prompt, so its line is longer than an import's. */
export const MAX_RECORD_BYTES = 4 * importLimits.lineBytes;

/** The line that the hash is taken over and an export contains, without its newline. */
export function recordLine(record: SnapshotRecord): string {
  return canonicalJson(record);
}

/** First line of a bundle: the header, marked so that nobody takes it for a record. */
export function bundleHeaderLine(header: SnapshotHeader): string {
  return canonicalJson({ snapshot: header });
}

const bundleHeaderSchema = z.strictObject({ snapshot: snapshotHeaderSchema });

export interface ParsedBundle {
  header: SnapshotHeader | null;
  records: SnapshotRecord[];
  errors: LineError[];
}

/** Reads a bundle: the header's line, then records. The caller compares the hash over `recordLine` of each. */
export function parseSnapshotBundle(bytes: Uint8Array): ParsedBundle {
  let header: SnapshotHeader | null = null;
  const records: SnapshotRecord[] = [];
  const errors: LineError[] = [];
  const firstLineOf = new Map<string, number>();
  let first = true;
  for (const entry of readJsonLines(bytes, MAX_RECORD_BYTES)) {
    const { line } = entry;
    const isHeader = first;
    first = false;
    if ('error' in entry) {
      errors.push({ line, message: entry.error });
      continue;
    }
    if (isHeader) {
      const parsed = bundleHeaderSchema.safeParse(entry.value);
      if (parsed.success) header = parsed.data.snapshot;
      else
        errors.push(
          ...issueMessages(parsed.error).map((message) => ({ line, message: `not a snapshot header: ${message}` })),
        );
      continue;
    }
    const parsed = snapshotRecordSchema.strict().safeParse(entry.value);
    const reasons = parsed.success ? contradictions(parsed.data) : issueMessages(parsed.error);
    if (parsed.success) {
      const earlier = firstLineOf.get(parsed.data.id);
      if (earlier !== undefined) reasons.push(`id "${parsed.data.id}" was already used on line ${earlier}`);
      else firstLineOf.set(parsed.data.id, line);
      records.push(parsed.data);
    }
    errors.push(...reasons.map((message) => ({ line, message })));
  }
  if (first) errors.push({ line: 1, message: 'the file is empty: its first line must be the snapshot header' });
  return { header, records, errors };
}

function contradictions(record: SnapshotRecord): string[] {
  const ids = new Set(record.responses.map(({ id }) => id));
  const reasons = ids.size < record.responses.length ? ['responses: two of them share an id'] : [];
  record.pairs.forEach(({ chosen, rejected }, i) => {
    if (!ids.has(chosen)) reasons.push(`pairs[${i}].chosen: there is no response "${chosen}"`);
    if (!ids.has(rejected)) reasons.push(`pairs[${i}].rejected: there is no response "${rejected}"`);
    if (chosen === rejected) reasons.push(`pairs[${i}]: a response cannot be better than itself`);
  });
  if (typeof record.target === 'string' && !ids.has(record.target)) {
    reasons.push(`target: there is no response "${record.target}"`);
  }
  return reasons;
}
