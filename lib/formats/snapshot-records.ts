import { canonicalJson } from '@/trainer/contract/canonical-json';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import type { SnapshotWriter } from './format';

/** A record's canonical line without its newline, which is hashed and exported. */
export function recordLine(record: SnapshotRecord): string {
  return canonicalJson(record);
}

/** The lossless records; their SHA-256 is the snapshot's hash. */
export const snapshotRecords: SnapshotWriter = {
  id: 'records',
  title: titleOfKind('records'),
  holds: 'snapshot',
  sniff: ({ row }) => kindOfRow(row)?.id === 'records',
  mediaType: 'application/x-ndjson; charset=utf-8',
  fileName: (name) => `${name}.jsonl`,
  write: { record: (line) => [line] },
};
