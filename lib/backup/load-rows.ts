/** Loads a backup's rows into an empty database that has the schema of the backup. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrationsFolder } from '../db/installation';
import { type BackupHeader, type BackupManifest, readEntries } from './archive';
import { BackupError } from './backup-error';
import { appliedMigration, migrationJournal, type Queries, quoted } from './catalog';

export interface TargetDatabase {
  db: Queries;
  /** Applies a folder of migrations. */
  migrate(folder: string): Promise<void>;
}

/**
 * Refuses a database that has data. One on which a server was only started counts as empty; it has just an invitation.
 * @throws BackupError
 */
export async function assertEmpty({ db }: TargetDatabase, header: BackupHeader): Promise<void> {
  const applied = await appliedMigration(db);
  const { rows } = await db.query<{ relname: string }>(
    `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );
  if (applied === null) {
    if (rows.length > 0) throw notEmpty(`it has a table "${rows[0]!.relname}"`);
    return;
  }
  for (const table of ['users', 'projects']) {
    const found = await db.query(`select 1 from ${quoted(table)} limit 1`);
    if (found.rows.length > 0) throw notEmpty(`its table "${table}" has rows`);
  }
  if (applied !== header.schema.when) {
    throw notEmpty('a Rescue Studio of another version than the backup’s has prepared it');
  }
}

const notEmpty = (why: string) =>
  new BackupError(`A backup is restored into an empty database, and this one is not: ${why}. Make a new one.`);

/** @throws BackupError for a schema that this program does not know */
export async function assertKnownSchema({ schema }: BackupHeader): Promise<void> {
  const { entries } = await migrationJournal();
  if (entries.some(({ when }) => when === schema.when)) return;
  throw new BackupError(
    `This backup has a schema (${schema.name}) that this Rescue Studio does not know. Restore it with a newer version.`,
  );
}

/**
 * Loads all rows or none, in one transaction, and then migrates the schema to this program's.
 * @param beforeCommit puts into place what must exist when the rows appear
 */
export async function loadRows(
  target: TargetDatabase,
  path: string,
  header: BackupHeader,
  manifest: BackupManifest,
  beforeCommit: () => Promise<void>,
): Promise<number> {
  await migrateTo(target, header.schema.when);
  const { db } = target;
  await db.query('begin');
  let total = 0;
  try {
    // The counters that triggers maintain are in the backup too.
    for (const { name } of header.tables) await db.query(`alter table ${quoted(name)} disable trigger user`);
    for (const { name } of header.tables.toReversed()) await db.query(`delete from ${quoted(name)}`);
    for await (const { name, bytes } of readEntries(path)) {
      const table = /^tables\/([^/]+)\//.exec(name)?.[1];
      if (!table) {
        for await (const _ of bytes);
        continue;
      }
      const columns = header.tables
        .find((one) => one.name === table)!
        .columns.map(quoted)
        .join(', ');
      const pieces: Uint8Array[] = [];
      for await (const piece of bytes) pieces.push(piece);
      const lines = Buffer.concat(pieces).toString('utf8').trimEnd().split('\n');
      await db.query(
        `insert into ${quoted(table)} (${columns}) select ${columns} from json_populate_recordset(null::${quoted(table)}, $1::json)`,
        [`[${lines.join(',')}]`],
      );
      total += lines.length;
    }
    for (const { name } of header.tables) {
      await db.query(`alter table ${quoted(name)} enable trigger user`);
      const { rows } = await db.query<{ n: string }>(`select count(*)::text as n from ${quoted(name)}`);
      if (Number(rows[0]!.n) !== manifest.rows[name])
        throw new BackupError(`The table "${name}" did not arrive whole.`);
    }
    await beforeCommit();
    await db.query('commit');
  } catch (error) {
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
  await target.migrate(migrationsFolder());
  return total;
}

/** Applies the migrations from the first to the backup's. */
async function migrateTo(target: TargetDatabase, when: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-migrations-'));
  try {
    await cp(migrationsFolder(), folder, { recursive: true });
    const journal = await migrationJournal(folder);
    const entries = journal.entries.filter((entry) => entry.when <= when);
    await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries }));
    await target.migrate(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
