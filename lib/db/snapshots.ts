import { and, asc, desc, eq, gt, isNull, like, max, not, or, sql } from 'drizzle-orm';
import { projects, snapshotContents, snapshotRecords, snapshots } from '@/drizzle/schema';
import type { MomentPlace } from '@/lib/schemas/cursor';
import { isHashBeginning } from '@/lib/schemas/snapshot';
import type { SnapshotContents } from '@/lib/schemas/snapshot-contents';
import type { Database } from './client';
import { newestFirst } from './newest-first';
import { recordEvent } from './webhooks';

/** Records that are deleted per statement. */
const SWEEP_BATCH = 500;

export interface FrozenRecord {
  /** The record's canonical text. */
  line: string;
  /** Null: found when it is first needed. */
  promptKey: string | null;
}
export type SnapshotRow = typeof snapshots.$inferSelect;

const newest = newestFirst(snapshots.createdAt, snapshots.id);

export function listSnapshotRows(
  db: Database,
  projectId: string,
  after: MomentPlace | undefined,
  limit: number,
): Promise<{ snapshot: SnapshotRow; micros: string }[]> {
  return db
    .select({ snapshot: snapshots, micros: newest.micros })
    .from(snapshots)
    .where(and(eq(snapshots.projectId, projectId), snapshots.sealed, newest.following(after)))
    .orderBy(...newest.order)
    .limit(limit);
}

export async function snapshotById(db: Database, id: string): Promise<SnapshotRow | undefined> {
  const [row] = await db
    .select()
    .from(snapshots)
    .where(and(eq(snapshots.id, id), snapshots.sealed));
  return row;
}

/** All snapshots with their projects' names, the newest first; or those of this name, this id or a hash that begins so. */
export function namedSnapshots(
  db: Database,
  named: string | null,
): Promise<{ snapshot: SnapshotRow; project: string }[]> {
  const isIt =
    named === null
      ? undefined
      : or(
          eq(snapshots.name, named),
          eq(sql`${snapshots.id}::text`, named),
          isHashBeginning(named) ? like(snapshots.hash, `${named}%`) : undefined,
        );
  return db
    .select({ snapshot: snapshots, project: projects.name })
    .from(snapshots)
    .innerJoin(projects, eq(projects.id, snapshots.projectId))
    .where(and(snapshots.sealed, isIt))
    .orderBy(desc(snapshots.createdAt), desc(snapshots.id));
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
  records: readonly FrozenRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await tx
    .insert(snapshotRecords)
    .values(
      records.map(({ line, promptKey }, i) => ({ snapshotId, position: firstPosition + i, record: line, promptKey })),
    );
}

export async function storeContents(tx: Database, snapshotId: string, contents: SnapshotContents): Promise<void> {
  const text = JSON.stringify(contents);
  await tx
    .insert(snapshotContents)
    .values({ snapshotId, contents: text })
    .onConflictDoUpdate({ target: snapshotContents.snapshotId, set: { contents: text } });
}

export async function contentsOfSnapshot(db: Database, snapshotId: string): Promise<unknown> {
  const [row] = await db.select().from(snapshotContents).where(eq(snapshotContents.snapshotId, snapshotId));
  return row ? JSON.parse(row.contents) : null;
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
  const { projectId, name, hash, promptCount: prompts, pairCount: pairs } = row!;
  await recordEvent(tx, projectId, 'snapshot.created', { snapshotId: id, name, hash, prompts, pairs });
  return row!;
}

/** Its name in lists alone: the header stays as it was frozen, and exports with it. */
export async function renameSnapshot(tx: Database, id: string, name: string): Promise<SnapshotRow> {
  const [row] = await tx.update(snapshots).set({ name }).where(eq(snapshots.id, id)).returning();
  return row!;
}

/** Hides the project's snapshots, which `sweepUnsealed` then deletes. No run may refer to one. */
export async function unsealSnapshots(tx: Database, projectId: string): Promise<void> {
  await tx.update(snapshots).set({ sealed: false }).where(eq(snapshots.projectId, projectId));
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

/** The next records after a prompt's key ('' for the first). Keys are hexadecimal, so every collation has them in one order. */
export async function recordsByKey(
  db: Database,
  snapshotId: string,
  after: string,
  limit: number,
): Promise<{ promptKey: string; record: string }[]> {
  return (await db
    .select({ promptKey: snapshotRecords.promptKey, record: snapshotRecords.record })
    .from(snapshotRecords)
    .where(and(eq(snapshotRecords.snapshotId, snapshotId), gt(snapshotRecords.promptKey, after)))
    .orderBy(asc(snapshotRecords.promptKey))
    .limit(limit)) as { promptKey: string; record: string }[];
}

export function recordsWithoutKey(
  db: Database,
  snapshotId: string,
  limit: number,
): Promise<{ position: number; record: string }[]> {
  return db
    .select({ position: snapshotRecords.position, record: snapshotRecords.record })
    .from(snapshotRecords)
    .where(and(eq(snapshotRecords.snapshotId, snapshotId), isNull(snapshotRecords.promptKey)))
    .limit(limit);
}

export async function keyRecords(
  db: Database,
  snapshotId: string,
  keys: readonly { position: number; promptKey: string }[],
): Promise<void> {
  await db
    .update(snapshotRecords)
    .set({ promptKey: sql`keyed.key` })
    .from(
      sql`unnest(${sql.param(keys.map(({ position }) => position))}::int[], ${sql.param(
        keys.map(({ promptKey }) => promptKey),
      )}::text[]) as keyed (at, key)`,
    )
    .where(and(eq(snapshotRecords.snapshotId, snapshotId), eq(snapshotRecords.position, sql`keyed.at`)));
}
