import type { Actor } from '@/lib/auth/permissions';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { renameSnapshot as setName } from '@/lib/db/snapshots';
import type { SnapshotSummary } from '@/lib/schemas/snapshot';
import type { RenameSnapshotRequest } from '@/lib/schemas/snapshot-request';
import { readableSnapshot } from './read-snapshot';
import { snapshotSummary } from './snapshot-summary';

/**
 * Changes what lists call a snapshot. What is frozen stays: records, hash, and the header, which keeps the name that it
 * was made with, so that an export is the same file before and after.
 */
export async function renameSnapshot(
  actor: Actor,
  db: Database,
  snapshotId: string,
  { name }: RenameSnapshotRequest,
): Promise<SnapshotSummary> {
  const snapshot = await readableSnapshot(actor, db, snapshotId, 'snapshots.create');
  if (snapshot.name === name) return snapshotSummary(snapshot);
  return db.transaction(async (tx) => {
    const details = { from: snapshot.name, to: name, hash: snapshot.hash };
    await recordAudit(tx, { kind: 'snapshot_renamed', actorId: actor.userId, details });
    return snapshotSummary(await setName(tx, snapshot.id, name));
  });
}
