import { createHash } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { appendRecords, openSnapshot, sealSnapshot, snapshotByHash } from '@/lib/db/snapshots';
import { firstErrors } from '@/lib/formats/jsonl';
import { parseSnapshotBundle, recordLine } from '@/lib/formats/snapshot-jsonl';
import { pathInFile } from '@/lib/schemas/issues';
import type { SnapshotHeader, SnapshotRecord, SnapshotSummary } from '@/lib/schemas/snapshot';
import { unstorable } from '@/lib/schemas/storable';
import { type BadLine, issue } from '@/lib/schemas/told';
import { snapshotSummary } from './snapshot-summary';

const PAGE = 200;

/**
 * Stores a snapshot that an export wrote, under the same hash. Where records contradict themselves it is what they come
 * to that is stored, with a hash and counts of its own; `notes` say so by line.
 * @throws Refusal 'invalid' when a line is wrong or when hash or counts are not those of the records: nothing is written
 */
export async function importSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
): Promise<{ snapshot: SnapshotSummary; created: boolean; notes: BadLine[] }> {
  await authorizeInProject(db, actor, 'snapshots.create', projectId);
  const { header: given, records, settled, errors, notes } = parseSnapshotBundle(file);
  if (errors.length > 0 || !given) {
    const { line, reason } = errors[0]!;
    throw invalid('snapshotLine', { line, reason }, (say) => firstErrors(errors, say));
  }
  // The header becomes jsonb; every text of a record is stored as escaped JSON.
  const bad = unstorable(given);
  if (bad) {
    const reason = issue('inFile', { field: pathInFile(bad.path), reason: bad.reason });
    throw invalid('snapshotLine', { line: 1, reason }, (say) => firstErrors([{ line: 1, reason }], say));
  }
  checkIntegrity(given, records);
  const asItWas = settled.every((record, i) => record === records[i]);
  const header = asItWas
    ? given
    : { ...given, hash: hashOf(settled), counts: { ...given.counts, ...counted(settled) } };
  const lines = settled.map(recordLine);
  try {
    return await db.transaction(async (tx) => {
      const same = await snapshotByHash(tx, projectId, header.hash);
      if (same) return { snapshot: snapshotSummary(same), created: false, notes };
      const id = await openSnapshot(tx, { projectId, name: header.name, createdBy: actor.userId });
      for (let start = 0; start < lines.length; start += PAGE) {
        await appendRecords(tx, id, start, lines.slice(start, start + PAGE));
      }
      const { prompts, pairs } = header.counts;
      const row = await sealSnapshot(tx, id, { hash: header.hash, header, promptCount: prompts, pairCount: pairs });
      return { snapshot: snapshotSummary(row), created: true, notes };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return importSnapshot(actor, db, projectId, file);
    throw error;
  }
}

function hashOf(records: readonly SnapshotRecord[]): string {
  const hash = createHash('sha256');
  for (const record of records) hash.update(recordLine(record)).update('\n');
  return hash.digest('hex');
}

function counted(records: readonly SnapshotRecord[]) {
  const sum = (of: (record: SnapshotRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  return {
    prompts: records.length,
    responses: sum(({ responses }) => responses.length),
    pairs: sum(({ pairs }) => pairs.length),
  };
}

function checkIntegrity(header: SnapshotHeader, records: readonly SnapshotRecord[]): void {
  const actual = hashOf(records);
  if (actual !== header.hash) {
    const hashes = { expected: header.hash, actual };
    throw invalid('snapshotHash', hashes, hashes);
  }
  const counts = counted(records);
  for (const [what, count] of Object.entries(counts) as [keyof typeof counts, number][]) {
    if (header.counts[what] !== count) {
      throw invalid('snapshotCounts', { expected: header.counts[what], what, count });
    }
  }
  if (records.length === 0) throw invalid('snapshotEmpty');
}
