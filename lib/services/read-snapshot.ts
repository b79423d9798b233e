import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor, ProjectAction } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { pageOf } from '@/lib/db/newest-first';
import { listSnapshotRows, recordsAfter, type SnapshotRow, snapshotById } from '@/lib/db/snapshots';
import type { SnapshotWriter } from '@/lib/formats/format';
import { type MomentPlace, momentCursor } from '@/lib/schemas/cursor';
import type { SnapshotHeader, SnapshotSummary, SnapshotsAnswer } from '@/lib/schemas/snapshot';
import { snapshotSummary } from './snapshot-summary';

const PAGE = 100;

/** @param after where the page before ended */
export async function listSnapshots(
  actor: Actor,
  db: Database,
  projectId: string,
  after?: MomentPlace,
): Promise<SnapshotsAnswer> {
  await authorizeInProject(db, actor, 'snapshots.read', projectId);
  const rows = await listSnapshotRows(db, projectId, after, PAGE + 1);
  const { shown, end } = pageOf(rows, PAGE, ({ micros, snapshot: { id } }) => ({ micros, id }));
  return { snapshots: shown.map(({ snapshot }) => snapshotSummary(snapshot)), next: end && momentCursor.next(end) };
}

export async function getSnapshot(actor: Actor, db: Database, snapshotId: string): Promise<SnapshotSummary> {
  return snapshotSummary(await readableSnapshot(actor, db, snapshotId));
}

/**
 * Yields text in chunks of whole lines. It reads pages by key and keeps no cursor open between them, so that a client
 * who disconnects leaves nothing behind.
 */
export async function exportSnapshot(
  actor: Actor,
  db: Database,
  snapshotId: string,
  format: SnapshotWriter,
): Promise<{ snapshot: SnapshotSummary; lines: AsyncGenerator<string> }> {
  const snapshot = snapshotSummary(await readableSnapshot(actor, db, snapshotId));
  const details = { what: format.id, snapshot: snapshot.name };
  await recordAudit(db, { kind: 'export', actorId: actor.userId, details });
  return { snapshot, lines: exportLines(db, snapshot.id, snapshot.header, format) };
}

async function* exportLines(
  db: Database,
  snapshotId: string,
  header: SnapshotHeader,
  { write: { begin, record } }: SnapshotWriter,
): AsyncGenerator<string> {
  if (begin) yield asLines(begin(header));
  if (!record) return;
  for (let position = -1; ; ) {
    const page = await recordsAfter(db, snapshotId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    const lines = page.flatMap((row) => record(row.record));
    if (lines.length > 0) yield asLines(lines);
  }
}

const asLines = (lines: readonly string[]) => `${lines.join('\n')}\n`;

/** Refuses people outside the project without revealing that the snapshot exists. */
export async function readableSnapshot(
  actor: Actor,
  db: Database,
  snapshotId: string,
  action: ProjectAction = 'snapshots.read',
): Promise<SnapshotRow> {
  const row = await snapshotById(db, requireUuid(snapshotId));
  if (!row) throw notFound();
  await authorizeInProject(db, actor, action, row.projectId);
  return row;
}
