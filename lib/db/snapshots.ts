import { and, asc, desc, eq, gt, max, not } from 'drizzle-orm';
import { snapshotRecords, snapshots } from '@/drizzle/schema';
import type { Database } from './client';

/** Records that are deleted per statement. */
const SWEEP_BATCH = 500;

export type SnapshotRow = typeof snapshots.$inferSelect;

export function listSnapshotRows(db: Database, projectId: string): Promise<SnapshotRow[]> {
  return db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), snapshots.sealed))
    .orderBy(desc(snapshots.createdAt), desc(snapshots.id))
    .limit(500);
}

export async function snapshotById(db: Database, id: string): Promise<SnapshotRow | undefined> {
  const [row] = await db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.id, id), snapshots.sealed));
  return row;
}

export async function snapshotByHash(db: Database, projectId: string, hash: string): Promise<SnapshotRow | undefined> {
  const [row] = await db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), eq(snapshots.hash, hash)));
  return row;
}

/** Creates a snapshot whose hash is not known yet; it is hidden until `sealSnapshot`. */
export async function openSnapshot(
  tx: Database,
  row: { projectId: string; name: string; createdBy: string },
): Promise<string> {
  const [created] = await tx
    .insert(snapshots)
    .values({
      ...row,
      hash: `unsealed-${crypto.randomUUID()}`,
      header: {},
      promptCount: 0,
      pairCount: 0,
      sealed: false,
    })
    .returning({ id: snapshots.id });
  return created!.id;
}

export async function appendRecords(
  tx: Database,
  snapshotId: string,
  firstPosition: number,
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  await tx
    .insert(snapshotRecords)
    .values(lines.map((record, i) => ({ snapshotId, position: firstPosition + i, record })));
}

export async function sealSnapshot(
  tx: Database,
  id: string,
  sealed: { hash: string; header: unknown; promptCount: number; pairCount: number },
): Promise<SnapshotRow> {
  const [row] = await tx
    .update(snapshots)
    .set({ ...sealed, sealed: true })
    .where(eq(snapshots.id, id))
    .returning();
  return row!;
}

/**
 * Deletes some records of an unsealed snapshot of the project, and finally the snapshot. @returns whether there may be
 * more
 */
export async function sweepUnsealed(db: Database, projectId: string): Promise<boolean> {
  const [unsealed] = await db
    .select({ id: snapshots.id })
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), not(snapshots.sealed)))
    .limit(1);
  if (!unsealed) return false;
  const ofUnsealed = eq(snapshotRecords.snapshotId, unsealed.id);
  const [last] = await db
    .select({ position: max(snapshotRecords.position) })
    .from(snapshotRecords)
    .where(ofUnsealed);
  if (last?.position == null) await db.delete(snapshots).where(eq(snapshots.id, unsealed.id));
  else
    await db.delete(snapshotRecords).where(and(ofUnsealed, gt(snapshotRecords.position, last.position - SWEEP_BATCH)));
  return true;
}

/** The next record texts after a position (-1 for the first). */
export function recordsAfter(
  db: Database,
  snapshotId: string,
  position: number,
  limit: number,
): Promise<{ position: number; record: string }[]> {
  return db
    .select({ position: snapshotRecords.position, record: snapshotRecords.record })
    .from(snapshotRecords)
    .where(and(eq(snapshotRecords.snapshotId, snapshotId), gt(snapshotRecords.position, position)))
    .orderBy(asc(snapshotRecords.position))
    .limit(limit);
}
