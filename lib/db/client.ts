/**
 * The database of this process: PostgreSQL when DATABASE_URL is set, else PGlite in DATA_DIR (default ./data), in a
 * thread of its own. It is stored on globalThis because a development server loads this module more than once.
 */
import { join, resolve } from 'node:path';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite';
import { Pool } from 'pg';
import { lockDataDir } from './data-dir-lock';
import { asPGlite, openEmbeddedClient } from './embedded-client';
import { DamagedDatabaseError, deleteFileManifest, statOrNull, writeFileManifest } from './embedded-files';
import { migratePGlite, migratePostgres } from './migrate';

/**
 * A database or a transaction of it. Inside `db.transaction((tx) => …)` use `tx` only: the outer one waits for the
 * transaction to end, and the transaction for it.
 */
export type Database = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export interface OpenDatabase {
  db: Database;
  kind: 'postgres' | 'pglite';
  close(): Promise<void>;
  /**
   * Only the embedded database has this. It runs `task` while no query runs, so that the folder can be copied
   * consistently. Queries that `task` itself makes would wait for its end, and it for them.
   */
  whilePaused?<T>(task: () => Promise<T>): Promise<T>;
}

interface GlobalState {
  rescueDatabase?: Promise<OpenDatabase> | undefined;
}
const globalState = globalThis as GlobalState;

/** The directory of the embedded database, the secret and the files of runs. */
export function dataDir(): string {
  return resolve(/*turbopackIgnore: true*/ process.env.DATA_DIR || 'data');
}

/** Opens and migrates the database on the first call. A call after a failed one tries again. */
export async function getDb(): Promise<Database> {
  return (await openDatabase()).db;
}

export function openDatabase(): Promise<OpenDatabase> {
  if (process.env.NEXT_PHASE === 'phase-production-build') {
    throw new Error('The database must not be opened while building: make the page or route dynamic.');
  }
  if (!globalState.rescueDatabase) {
    const opening = process.env.DATABASE_URL ? openPostgres(process.env.DATABASE_URL) : openInFolder(dataDir());
    globalState.rescueDatabase = opening;
    opening.catch(() => {
      if (globalState.rescueDatabase === opening) globalState.rescueDatabase = undefined;
    });
  }
  return globalState.rescueDatabase;
}

/** Closes what openDatabase opened; it is safe to call this twice, or without an open database. */
export async function closeDatabase(): Promise<void> {
  const opening = globalState.rescueDatabase;
  globalState.rescueDatabase = undefined;
  if (opening) await (await opening).close();
}

export async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new Pool({ connectionString: url, max: 10 });
  pool.on('error', (error) => console.error('A connection to PostgreSQL broke:', error.message));
  try {
    await migratePostgres(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { db: drizzlePostgres(pool) as unknown as Database, kind: 'postgres', close: () => pool.end() };
}

/**
 * Opens PGlite in `<folder>/database` under the folder's lock, and creates it where there is none.
 * @throws DamagedDatabaseError when the database is incomplete, or missing while its other parts exist.
 */
export async function openInFolder(folder: string): Promise<OpenDatabase> {
  const database = join(/*turbopackIgnore: true*/ folder, 'database');
  const lock = await lockDataDir(folder);
  try {
    await assertNotOrphaned(folder, database);
    const client = await openEmbeddedClient(database);
    try {
      await deleteFileManifest(database);
      await migratePGlite(asPGlite(client));
      await client.exec('checkpoint');
      await writeFileManifest(database);
    } catch (error) {
      await client.close();
      throw error;
    }
    const close = async () => {
      await client.close();
      await writeFileManifest(database);
      lock.release();
    };
    return {
      db: drizzlePGlite(asPGlite(client)) as unknown as Database,
      kind: 'pglite',
      close,
      whilePaused: client.whilePaused,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A secret or stored files without a database come from a partial copy, or from a start without its DATABASE_URL. */
async function assertNotOrphaned(folder: string, database: string): Promise<void> {
  if ((await statOrNull(database)) !== null) return;
  for (const name of ['secret', 'files']) {
    if ((await statOrNull(join(/*turbopackIgnore: true*/ folder, name))) === null) continue;
    throw new DamagedDatabaseError(
      database,
      `it is gone, while "${name}" beside it is there. If the database is a PostgreSQL, set DATABASE_URL`,
    );
  }
}
