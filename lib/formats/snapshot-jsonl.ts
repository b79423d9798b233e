import * as z from 'zod';
import { issuesInFile } from '../schemas/issues';
import { importLimits } from '../schemas/prompt-import';
import {
  type SnapshotHeader,
  type SnapshotRecord,
  snapshotHeaderSchema,
  snapshotRecordSchema,
} from '../schemas/snapshot';
import { type BadLine, issue, type Told } from '../schemas/told';
import { canonicalJson } from './canonical-json';
import { readJsonLines } from './jsonl';

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
  errors: BadLine[];
}

/** Reads a bundle: the header's line, then records. The caller compares the hash over `recordLine` of each. */
export function parseSnapshotBundle(bytes: Uint8Array): ParsedBundle {
  let header: SnapshotHeader | null = null;
  const records: SnapshotRecord[] = [];
  const errors: BadLine[] = [];
  const firstLineOf = new Map<string, number>();
  let first = true;
  for (const entry of readJsonLines(bytes, MAX_RECORD_BYTES)) {
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
      else
        errors.push(
          ...issuesInFile(parsed.error).map((reason) => ({ line, reason: issue('notSnapshotHeader', { reason }) })),
        );
      continue;
    }
    const parsed = snapshotRecordSchema.strict().safeParse(entry.value);
    const reasons = parsed.success ? contradictions(parsed.data) : issuesInFile(parsed.error);
    if (parsed.success) {
      const earlier = firstLineOf.get(parsed.data.id);
      if (earlier !== undefined) reasons.push(issue('idUsed', { id: parsed.data.id, line: earlier }));
      else firstLineOf.set(parsed.data.id, line);
      records.push(parsed.data);
    }
    errors.push(...reasons.map((reason) => ({ line, reason })));
  }
  if (first) errors.push({ line: 1, reason: issue('emptySnapshot') });
  return { header, records, errors };
}

function contradictions(record: SnapshotRecord): Told[] {
  const ids = new Set(record.responses.map(({ id }) => id));
  const reasons = ids.size < record.responses.length ? [issue('responsesShareId')] : [];
  record.pairs.forEach(({ chosen, rejected }, i) => {
    if (!ids.has(chosen)) reasons.push(issue('noSuchResponse', { field: `pairs[${i}].chosen`, id: chosen }));
    if (!ids.has(rejected)) reasons.push(issue('noSuchResponse', { field: `pairs[${i}].rejected`, id: rejected }));
    if (chosen === rejected) reasons.push(issue('pairWithItself', { field: `pairs[${i}]` }));
  });
  if (typeof record.target === 'string' && !ids.has(record.target)) {
    reasons.push(issue('noSuchResponse', { field: 'target', id: record.target }));
  }
  return reasons;
}
