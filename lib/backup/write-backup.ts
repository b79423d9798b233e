/** Writes a backup: a consistent snapshot of the database, and the files that it refers to. */
import { randomUUID } from 'node:crypto';
import { copyFile, link, mkdir, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { processExists } from '../db/data-dir-lock';
import { syncPath } from '../db/sync-path';
import { ArchiveWriter, BACKUP_FORMAT, BACKUP_VERSION, type BackupHeader } from './archive';
import { BackupError } from './backup-error';
import { appliedMigration, migrationJournal, type Queries, quoted, type Table, tablesInOrder } from './catalog';

export interface BackupSource {
  db: Queries;
  /** The folder of `secret`. */
  dataDir: string;
  /** The folder of the stored files. */
  files: string;
  /** Whether a server may delete stored files meanwhile. */
  inUse: boolean;
}

export interface BackupResult {
  out: string;
  bytes: number;
  tables: number;
  rows: number;
  files: number;
  secret: boolean;
}

/** The approximate size in bytes of a table's entries; one of them is in memory at a time. */
const PART_BYTES = 4 * 1024 * 1024;
const MAX_TRIES = 3;

/**
 * The file `out` appears once it is complete and synced, or not at all; an existing file is never overwritten.
 * @throws BackupError
 */
export async function writeBackup(source: BackupSource, out: string): Promise<BackupResult> {
  const path = resolve(out);
  await assertNotExisting(path);
  await deletePartialFiles(path);
  const partial = `${path}.partial-${process.pid}`;
  const linkFolder = join(source.dataDir, `.backup-${randomUUID()}`);
  const writer = new ArchiveWriter(partial);
  try {
    const result = await writeAll(source, writer, linkFolder);
    await moveToFinalName(partial, path);
    return { out: path, ...result };
  } finally {
    await writer.abort();
    await unlink(partial).catch(() => undefined);
    await rm(linkFolder, { recursive: true, force: true });
  }
}

async function writeAll(
  source: BackupSource,
  writer: ArchiveWriter,
  linkFolder: string,
): Promise<Omit<BackupResult, 'out'>> {
  const { db } = source;
  const { tables, schema, files } = await beginConsistentRead(source, linkFolder);
  try {
    const secret = await readFile(join(source.dataDir, 'secret')).catch(() => null);
    const header: BackupHeader = {
      format: BACKUP_FORMAT,
      version: BACKUP_VERSION,
      createdAt: new Date().toISOString(),
      schema,
      tables,
      secret: secret !== null,
      files: files.length,
    };
    await writer.header(header);
    if (secret) await writer.secret(secret);
    for (const { name, path } of files) await writer.storedFile(name, path);
    let rows = 0;
    for (const table of tables) rows += await writeTable(db, writer, table);
    await db.query('commit');
    const bytes = await writer.finish();
    return { bytes, tables: tables.length, rows, files: files.length, secret: secret !== null };
  } catch (error) {
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Begins the transaction in which everything is read, and protects the files that its rows refer to from deletion. */
async function beginConsistentRead(source: BackupSource, linkFolder: string) {
  const { db } = source;
  for (let tries = 1; ; tries++) {
    await db.query('begin isolation level repeatable read read only');
    const when = await appliedMigration(db);
    if (when === null) throw new BackupError('There is nothing to back up: this database holds no Rescue Studio.');
    const tag = (await migrationJournal()).entries.find((entry) => entry.when === when)?.tag;
    if (!tag) throw new BackupError('This database is of another Rescue Studio. Make the backup with that version.');
    const tables = await tablesInOrder(db);
    const names = await storedFileNames(db, tables);
    const missing = await linkFiles(source, linkFolder, names);
    const folder = source.inUse ? linkFolder : source.files;
    const files = names.map((name) => ({ name, path: join(folder, name) }));
    if (missing === null) return { tables, schema: { name: tag, when }, files };
    await db.query('rollback');
    // The file was deleted after its row was read, so both are read again.
    if (tries === MAX_TRIES) {
      throw new BackupError(`The stored file ${missing} is missing in ${source.files}, and the database names it.`);
    }
  }
}

async function storedFileNames(db: Queries, tables: readonly Table[]): Promise<string[]> {
  const names = new Set<string>();
  for (const { name } of tables.filter(({ columns }) => columns.includes('sha256'))) {
    const { rows } = await db.query<{ sha256: string }>(
      `select distinct sha256 from ${quoted(name)} where sha256 is not null`,
    );
    for (const { sha256 } of rows) names.add(sha256);
  }
  return [...names].sort();
}

/** Hard-links the files, so that their bytes survive a deletion. @returns the name of a missing file, or null */
async function linkFiles({ files, inUse }: BackupSource, linkFolder: string, names: readonly string[]) {
  const present = new Set(await readdir(files).catch(() => []));
  const missing = names.find((name) => !present.has(name));
  if (missing !== undefined || !inUse) return missing ?? null;
  await mkdir(linkFolder, { recursive: true });
  for (const name of names) {
    const [from, to] = [join(files, name), join(linkFolder, name)];
    try {
      // Not every file system supports hard links.
      await link(from, to).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return;
        if (error.code === 'ENOENT') throw error;
        return copyFile(from, to);
      });
    } catch {
      return name;
    }
  }
  return null;
}

async function writeTable(db: Queries, writer: ArchiveWriter, { name }: Table): Promise<number> {
  // PostgreSQL formats the rows as JSON and parses them again, so no value is converted to JavaScript numbers or dates.
  await db.query(`declare rows_of no scroll cursor for select row_to_json(t)::text as line from ${quoted(name)} t`);
  let [part, rows, batch] = [0, 0, 50];
  let lines: string[] = [];
  let bytes = 0;
  for (;;) {
    const { rows: fetched } = await db.query<{ line: string }>(`fetch ${batch} from rows_of`);
    let fetchedBytes = 0;
    for (const { line } of fetched) {
      lines.push(line);
      fetchedBytes += line.length;
    }
    bytes += fetchedBytes;
    rows += fetched.length;
    const done = fetched.length < batch;
    if (lines.length > 0 && (done || bytes >= PART_BYTES)) {
      await writer.tablePart(name, ++part, lines);
      lines = [];
      bytes = 0;
    }
    if (done) break;
    batch = Math.max(1, Math.min(5000, Math.floor(PART_BYTES / (fetchedBytes / fetched.length))));
  }
  await db.query('close rows_of');
  return rows;
}

async function assertNotExisting(path: string): Promise<void> {
  const exists = await readdir(dirname(path)).catch(() => {
    throw new BackupError(`${dirname(path)}: there is no such folder`);
  });
  if (exists.includes(basename(path))) throw new BackupError(`${path} is there already. Choose another name.`);
}

/** Deletes partial files that a killed backup of the same name left behind. */
async function deletePartialFiles(path: string): Promise<void> {
  const prefix = `${basename(path)}.partial-`;
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(prefix) && !processExists(Number(name.slice(prefix.length)))) {
      await unlink(join(dirname(path), name));
    }
  }
}

/** Links instead of renaming, since a link never overwrites a file that has appeared meanwhile. */
async function moveToFinalName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') await assertNotExisting(path);
    // The file system does not support hard links.
    await assertNotExisting(path);
    await rename(partial, path);
  }
  await syncPath(dirname(path));
}
