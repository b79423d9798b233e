/**
 * Opens what a backup is read from: PostgreSQL, an embedded database that no server uses, or a copy made by a running
 * server.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataDirInUseError, lockDataDir } from '../db/data-dir-lock';
import { openEmbedded } from '../db/pglite';
import { BackupError } from './backup-error';
import { requestCopy } from './backup-socket';
import type { BackupSource } from './write-backup';

export interface OpenBackupSource extends BackupSource {
  /** How long a running server paused its queries; null when no server was running. */
  pausedMs: number | null;
  close(): Promise<void>;
}

/** @throws BackupError */
export async function openBackupSource(dataDir: string, databaseUrl: string | undefined): Promise<OpenBackupSource> {
  if (databaseUrl !== undefined) return openPostgresSource(dataDir, databaseUrl);
  const exists = await readdir(join(dataDir, 'database')).catch(() => []);
  if (exists.length === 0) {
    throw new BackupError(
      `There is nothing to back up: ${dataDir} holds no database. DATA_DIR or --data-dir names it.`,
    );
  }
  try {
    const lock = await lockDataDir(dataDir);
    const client = await openFolder(join(dataDir, 'database')).catch((error: unknown) => {
      lock.release();
      throw error;
    });
    const close = async () => {
      await client.close();
      lock.release();
    };
    return { db: client, dataDir, files: join(dataDir, 'files'), inUse: false, pausedMs: null, close };
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    const copy = await requestCopy(dataDir);
    const client = await openFolder(join(copy.folder, 'database')).catch(async (failure: unknown) => {
      await copy.remove();
      throw failure;
    });
    const close = async () => {
      await client.close();
      await copy.remove();
    };
    const files = join(copy.folder, 'files');
    return { db: client, dataDir, files, inUse: false, pausedMs: copy.pausedMs, close };
  }
}

async function openFolder(folder: string) {
  return (await openEmbedded(folder)).client;
}

async function openPostgresSource(dataDir: string, connectionString: string): Promise<OpenBackupSource> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect().catch((error: Error) => {
    throw new BackupError(`DATABASE_URL: the database does not answer: ${error.message}`);
  });
  const files = join(dataDir, 'files');
  return { db: client, dataDir, files, inUse: true, pausedMs: null, close: () => client.end() };
}
