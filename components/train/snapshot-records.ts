import { snapshotRecordSchema } from '@/trainer/contract/record';
import { resolveContradictions, type SnapshotRecord } from '@/trainer/index';

/** Reads a snapshot's records with contradictions resolved: older snapshots may contain pairs of equal texts. */
export function recordsOfSnapshot(bytes: Uint8Array): SnapshotRecord[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => resolveContradictions(snapshotRecordSchema.parse(JSON.parse(line))).record);
}
