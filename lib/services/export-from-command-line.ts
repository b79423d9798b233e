/** For the server's own command line, where nobody is signed in: whoever can run it can read the database anyway. */
import { exportFiles } from '@/lib/containers/export-files';
import type { WrittenFile } from '@/lib/containers/zip-files';
import { recordAudit } from '@/lib/db/audit';
import { closeDatabase, type Database, getDb } from '@/lib/db/client';
import { namedSnapshots } from '@/lib/db/snapshots';
import type { ExportQuery } from '@/lib/schemas/export';
import { exportAuditDetails, exportSource } from './export-snapshot';

export interface ListedSnapshot {
  id: string;
  project: string;
  name: string;
  hash: string;
  pairs: number;
}

/** Opens the database that the environment names; all snapshots, the newest first. */
export const withSnapshots = (work: (snapshots: ListedSnapshot[]) => Promise<void>): Promise<void> =>
  withDatabase(async (db) => work((await namedSnapshots(db, null)).map(listed)));

/**
 * Opens the database that the environment names, and has the files of one snapshot written.
 * @param named by its name, its id, or at least 8 characters that its hash begins with
 * @returns the snapshots of this name where they are several or none; nothing is written then
 */
export const withSnapshotFiles = (
  named: string,
  query: ExportQuery,
  write: (files: AsyncGenerator<WrittenFile>) => Promise<void>,
): Promise<{ snapshot: ListedSnapshot } | { snapshots: ListedSnapshot[] }> =>
  withDatabase(async (db) => {
    const found = await namedSnapshots(db, named);
    const [one, another] = found;
    if (!one || another) return { snapshots: found.map(listed) };
    const source = await exportSource(db, one.snapshot, query);
    await recordAudit(db, { kind: 'export', actorId: null, details: exportAuditDetails(one.snapshot, query) });
    await write(exportFiles(source));
    return { snapshot: listed(one) };
  });

const listed = ({ snapshot, project }: Awaited<ReturnType<typeof namedSnapshots>>[number]): ListedSnapshot => ({
  id: snapshot.id,
  project,
  name: snapshot.name,
  hash: snapshot.hash,
  pairs: snapshot.pairCount,
});

async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await work(await getDb());
  } finally {
    await closeDatabase().catch(() => undefined);
  }
}
