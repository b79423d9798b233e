import type { SnapshotRecord } from '@/trainer/contract/record';
import { kindOfRow, titleOfKind } from '@/trainer/data/file-kind';
import { canonicalJson } from './canonical-json';
import type { SnapshotWriter } from './format';

/** The line that the hash is taken over and an export contains, without its newline. */
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
