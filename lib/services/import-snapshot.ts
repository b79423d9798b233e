import { createHash } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { appendRecords, openSnapshot, sealSnapshot, snapshotByHash } from '@/lib/db/snapshots';
import { firstErrors } from '@/lib/formats/jsonl';
import { parseSnapshotBundle, recordLine } from '@/lib/formats/snapshot-jsonl';
import type { SnapshotHeader, SnapshotRecord, SnapshotSummary } from '@/lib/schemas/snapshot';
import { snapshotSummary } from './snapshot-summary';

const PAGE = 200;

/**
 * Stores a snapshot that an export wrote, under the same hash.
 * @throws Refusal 'invalid' when a line is wrong or when hash or counts are not those of the records: nothing is written
 */
export async function importSnapshot(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
): Promise<{ snapshot: SnapshotSummary; created: boolean }> {
  await authorizeInProject(db, actor, 'snapshots.create', projectId);
  const { header, records, errors } = parseSnapshotBundle(file);
  if (errors.length > 0 || !header) {
    const { line, reason } = errors[0]!;
    throw invalid('snapshotLine', { line, reason }, (say) => firstErrors(errors, say));
  }
  const lines = records.map(recordLine);
  checkIntegrity(header, records, lines);
  try {
    return await db.transaction(async (tx) => {
      const same = await snapshotByHash(tx, projectId, header.hash);
      if (same) return { snapshot: snapshotSummary(same), created: false };
      const id = await openSnapshot(tx, { projectId, name: header.name, createdBy: actor.userId });
      for (let start = 0; start < lines.length; start += PAGE) {
        await appendRecords(tx, id, start, lines.slice(start, start + PAGE));
      }
      const { prompts, pairs } = header.counts;
      const row = await sealSnapshot(tx, id, { hash: header.hash, header, promptCount: prompts, pairCount: pairs });
      return { snapshot: snapshotSummary(row), created: true };
    });
  } catch (error) {
    if (isUniqueViolation(error)) return importSnapshot(actor, db, projectId, file);
    throw error;
  }
}

function checkIntegrity(header: SnapshotHeader, records: readonly SnapshotRecord[], lines: readonly string[]): void {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  const actual = hash.digest('hex');
  if (actual !== header.hash) {
    const hashes = { expected: header.hash, actual };
    throw invalid('snapshotHash', hashes, hashes);
  }
  const sum = (of: (record: SnapshotRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const counted = {
    prompts: records.length,
    responses: sum(({ responses }) => responses.length),
    pairs: sum(({ pairs }) => pairs.length),
  };
  for (const [what, count] of Object.entries(counted) as [keyof typeof counted, number][]) {
    if (header.counts[what] !== count) {
      throw invalid('snapshotCounts', { expected: header.counts[what], what, count });
    }
  }
  if (records.length === 0) throw invalid('snapshotEmpty');
  // jsonb cannot hold it; every text of a record is stored as escaped JSON.
  if (JSON.stringify(header).includes('\\u0000')) throw invalid('snapshotNul');
}
