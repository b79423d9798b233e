import { snapshotRecordSchema } from '@/trainer/contract/record';
import { resolveContradictions, type SnapshotRecord } from '@/trainer/index';

/** A snapshot's records as they count: one that is older than that may hold pairs of equal texts. */
export function recordsOfSnapshot(bytes: Uint8Array): SnapshotRecord[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => resolveContradictions(snapshotRecordSchema.parse(JSON.parse(line))).record);
}
