import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { contentsOfSnapshot, storeContents } from '@/lib/db/snapshots';
import { ContentsTally } from '@/lib/ranking/snapshot-contents';
import { type SnapshotContents, snapshotContentsSchema } from '@/lib/schemas/snapshot-contents';
import { snapshotRecords } from './export-snapshot';
import { readableSnapshot } from './read-snapshot';
import { createYielder } from './yield-to-event-loop';

/** The figures of what a snapshot holds. Of one that was imported, or made before there were any, they are made once. */
export async function getSnapshotContents(actor: Actor, db: Database, snapshotId: string): Promise<SnapshotContents> {
  const snapshot = await readableSnapshot(actor, db, snapshotId);
  const stored = snapshotContentsSchema.safeParse(await contentsOfSnapshot(db, snapshot.id));
  if (stored.success) return stored.data;
  const tally = new ContentsTally();
  for await (const record of snapshotRecords(db, snapshot.id)) tally.add(record);
  const contents = await tally.contents(createYielder());
  await storeContents(db, snapshot.id, contents);
  return contents;
}
