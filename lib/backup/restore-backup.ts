/**
 * Restores a backup. The whole archive is verified before anything is changed; then everything is written to a staging
 * folder, synced, and moved into place, the database last. If this is interrupted, nothing incomplete is mistaken for
 * complete: the server refuses a folder with files but no database, and a PostgreSQL database has all rows or none.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client, Pool } from 'pg';
import { lockDataDir } from '../db/data-dir-lock';
import { writeFileManifest } from '../db/embedded-files';
import { migratePGlite, migratePostgres } from '../db/migrate';
import { openEmbedded, syncTree } from '../db/pglite';
import { syncPath } from '../db/sync-path';
import { type BackupHeader, type BackupManifest, readEntries, verifyArchive } from './archive';
import { BackupError } from './backup-error';
import { assertEmpty, assertKnownSchema, loadRows } from './load-rows';

export interface RestoreOptions {
  from: string;
  dataDir: string;
  /** The address of a PostgreSQL database; without it, the embedded database in `dataDir` is restored. */
  databaseUrl?: string;
  /** Move what `dataDir` contains into a subfolder, instead of refusing. */
  replace: boolean;
}

export interface RestoreResult {
  rows: number;
  files: number;
  /** The subfolder into which earlier content was moved; null when there was none. */
  kept: string | null;
}

const PARTS = ['database', 'files', 'secret'] as const;

/** @throws BackupError, in which case nothing has changed; DataDirInUseError while a server runs there */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreResult> {
  const { from, dataDir, databaseUrl, replace } = options;
  const { header, manifest } = await verifyArchive(from);
  await assertKnownSchema(header);
  const lock = await lockDataDir(dataDir);
  const staging = join(dataDir, '.restoring');
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(join(staging, 'files'), { recursive: true });
    return databaseUrl === undefined
      ? await restoreFolder(from, header, manifest, { dataDir, staging, replace })
      : await restorePostgres(from, header, manifest, { dataDir, staging, replace, databaseUrl });
  } finally {
    await rm(staging, { recursive: true, force: true });
    lock.release();
  }
}

interface RestoreTarget {
  dataDir: string;
  staging: string;
  replace: boolean;
}

async function restoreFolder(
  from: string,
  header: BackupHeader,
  manifest: BackupManifest,
  { dataDir, staging, replace }: RestoreTarget,
): Promise<RestoreResult> {
  const existing = await presentParts(dataDir);
  if (existing.length > 0 && !replace) {
    throw new BackupError(
      `${dataDir} is not empty: it holds ${existing.join(', ')}. Choose another folder, or keep these aside with --replace.`,
    );
  }
  await unpack(from, staging);
  const database = join(staging, 'database');
  const { client } = await openEmbedded(database);
  let rows: number;
  try {
    const target = { db: client, migrate: (folder: string) => migratePGlite(client, folder) };
    rows = await loadRows(target, from, header, manifest, async () => undefined);
  } finally {
    await client.close();
  }
  await writeFileManifest(database);
  await syncTree(staging);
  const kept = existing.length > 0 ? await moveAside(dataDir, existing) : null;
  // The database is moved last, since a server refuses the folder as long as the database is missing.
  for (const part of ['secret', 'files', 'database']) await moveIntoPlace(staging, dataDir, part);
  await syncPath(dataDir);
  return { rows, files: header.files, kept };
}

async function restorePostgres(
  from: string,
  header: BackupHeader,
  manifest: BackupManifest,
  { dataDir, staging, replace, databaseUrl }: RestoreTarget & { databaseUrl: string },
): Promise<RestoreResult> {
  const connection = new Client({ connectionString: databaseUrl });
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  pool.on('error', () => undefined);
  connection.on('error', () => undefined);
  await connection.connect().catch((error: Error) => {
    throw new BackupError(`DATABASE_URL: the database does not answer: ${error.message}`);
  });
  try {
    const target = { db: connection, migrate: (folder: string) => migratePostgres(pool, folder) };
    await assertEmpty(target, header);
    await unpack(from, staging);
    await syncTree(staging);
    const secret = await readFile(join(dataDir, 'secret')).catch(() => null);
    const restored = await readFile(join(staging, 'secret')).catch(() => null);
    const differs = secret !== null && restored !== null && !secret.equals(restored);
    if (differs && !replace) {
      throw new BackupError(
        `${dataDir} holds another secret than the backup. Choose another folder, or keep it aside with --replace.`,
      );
    }
    let kept: string | null = null;
    const rows = await loadRows(target, from, header, manifest, async () => {
      if (differs) kept = await moveAside(dataDir, ['secret']);
      await mkdir(join(dataDir, 'files'), { recursive: true });
      // Files are named by their hash, so one that exists already is the same.
      for (const name of await readdir(join(staging, 'files'))) {
        await rename(join(staging, 'files', name), join(dataDir, 'files', name));
      }
      await syncPath(join(dataDir, 'files'));
      await moveIntoPlace(staging, dataDir, 'secret');
      await syncPath(dataDir);
    });
    return { rows, files: header.files, kept };
  } finally {
    await connection.end();
    await pool.end();
  }
}

/** Extracts the secret and the stored files into the staging folder. */
async function unpack(from: string, staging: string): Promise<void> {
  for await (const { name, bytes } of readEntries(from)) {
    const file = /^files\/([0-9a-f]{64})$/.exec(name)?.[1];
    const path = name === 'secret' ? join(staging, 'secret') : file ? join(staging, 'files', file) : null;
    if (path) await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    else for await (const _ of bytes);
  }
}

async function presentParts(dataDir: string): Promise<string[]> {
  const names = await readdir(dataDir);
  const present: string[] = [];
  for (const part of PARTS.filter((name) => names.includes(name))) {
    // A server that uses PostgreSQL creates the folder before it has a file.
    if (part === 'files' && (await readdir(join(dataDir, part))).length === 0)
      await rm(join(dataDir, part), { recursive: true });
    else present.push(part);
  }
  return present;
}

async function moveAside(dataDir: string, parts: readonly string[]): Promise<string> {
  const folder = join(dataDir, `before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
  await mkdir(folder);
  // The database is moved first, since a server that starts now refuses the rest.
  for (const part of parts) await rename(join(dataDir, part), join(folder, part));
  await syncPath(folder);
  await syncPath(dataDir);
  return folder;
}

async function moveIntoPlace(staging: string, dataDir: string, part: string): Promise<void> {
  await rename(join(staging, part), join(dataDir, part)).catch((error: NodeJS.ErrnoException) => {
    // The backup has no secret if its server used AUTH_SECRET.
    if (error.code !== 'ENOENT') throw error;
  });
}
