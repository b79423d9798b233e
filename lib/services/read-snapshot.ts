import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { listSnapshotRows, recordsAfter, type SnapshotRow, snapshotById } from '@/lib/db/snapshots';
import { bundleHeaderLine } from '@/lib/formats/snapshot-jsonl';
import { trlLines } from '@/lib/formats/trl-jsonl';
import type { SnapshotHeader, SnapshotSummary } from '@/lib/schemas/snapshot';
import type { SnapshotRecord } from '@/trainer/contract/record';
import { snapshotSummary } from './snapshot-summary';

const PAGE = 100;

export async function listSnapshots(actor: Actor, db: Database, projectId: string): Promise<SnapshotSummary[]> {
  await authorizeInProject(db, actor, 'snapshots.read', projectId);
  return (await listSnapshotRows(db, projectId)).map(snapshotSummary);
}

export async function getSnapshot(actor: Actor, db: Database, snapshotId: string): Promise<SnapshotSummary> {
  return snapshotSummary(await readableSnapshot(actor, db, snapshotId));
}

/**
 * - records: the lossless JSONL whose SHA-256 is the snapshot's hash;
 * - bundle: the header's line, then the records: what an import takes;
 * - pairs: TRL preference rows.
 */
export type SnapshotExport = 'records' | 'bundle' | 'pairs';

/**
 * Text in pieces, each of whole lines. Pages by key and holds nothing open between them, so a reader who goes away
 * leaves nothing behind.
 */
export async function exportSnapshot(
  actor: Actor,
  db: Database,
  snapshotId: string,
  kind: SnapshotExport,
): Promise<{ snapshot: SnapshotSummary; lines: AsyncGenerator<string> }> {
  const snapshot = snapshotSummary(await readableSnapshot(actor, db, snapshotId));
  return { snapshot, lines: exportLines(db, snapshot.id, snapshot.header, kind) };
}

async function* exportLines(
  db: Database,
  snapshotId: string,
  header: SnapshotHeader,
  kind: SnapshotExport,
): AsyncGenerator<string> {
  if (kind === 'bundle') yield `${bundleHeaderLine(header)}\n`;
  for (let position = -1; ; ) {
    const page = await recordsAfter(db, snapshotId, position, PAGE);
    if (page.length === 0) return;
    position = page.at(-1)!.position;
    const lines = page.flatMap(({ record }) =>
      kind === 'pairs' ? trlLines(JSON.parse(record) as SnapshotRecord) : [record],
    );
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
}

/** Somebody outside the project is not told that the snapshot exists. */
async function readableSnapshot(actor: Actor, db: Database, snapshotId: string): Promise<SnapshotRow> {
  const row = await snapshotById(db, requireUuid(snapshotId));
  if (!row) throw notFound();
  await authorizeInProject(db, actor, 'snapshots.read', row.projectId);
  return row;
}
