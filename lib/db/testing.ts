/**
 * Fresh, migrated databases for tests: PGlite in memory (loaded from a dump that is made once and cached) and a real
 * PostgreSQL (TEST_DATABASE_URL, or the one that testing-postgres.ts starts when a test first asks for it).
 */
import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { Database, OpenDatabase } from './client';
import { migrationsFolder } from './installation';
import { migratePGlite, migratePostgres } from './migrate';

/** A new database in memory, migrated and empty. */
export async function freshPGlite(): Promise<OpenDatabase> {
  const client = await PGlite.create({ loadDataDir: new Blob([await migratedDump()]) });
  return { db: drizzlePGlite(client) as unknown as Database, kind: 'pglite', close: () => client.close() };
}

/** A new database on the test server, migrated and empty; close() drops it. */
export async function freshPostgres(): Promise<OpenDatabase> {
  const { migrate, url: _, ...open } = await emptyPostgres();
  await migrate();
  return open;
}

/** A database without tables; `migrate` applies a folder of migrations. */
export interface EmptyDatabase extends OpenDatabase {
  migrate(folder?: string): Promise<void>;
  /** The address for further connections; '' for PGlite. */
  url: string;
}

export async function emptyPGlite(): Promise<EmptyDatabase> {
  const client = await PGlite.create();
  const db = drizzlePGlite(client) as unknown as Database;
  return {
    db,
    kind: 'pglite',
    url: '',
    close: () => client.close(),
    migrate: (folder) => migratePGlite(client, folder),
  };
}

export async function emptyPostgres(): Promise<EmptyDatabase> {
  const server = await testPostgresUrl();
  const name = `rescue_test_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 5 });
  // end() does not wait for the last socket, which dropping the database by force may then break.
  pool.on('error', () => undefined);
  const close = async () => {
    await pool.end();
    await runOnServer(server, `drop database if exists ${name} with (force)`);
  };
  const db = drizzlePostgres(pool) as unknown as Database;
  return { db, kind: 'postgres', url: url.href, close, migrate: (folder) => migratePostgres(pool, folder) };
}

/** A temporary folder with the migrations up to the one before `name`. */
export async function migrationsBefore(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rescue-migrations-'));
  await cp(migrationsFolder(), folder, { recursive: true });
  const path = join(folder, 'meta', '_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: { tag: string }[] };
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith(`_${name}`));
  if (at < 0) throw new Error(`There is no migration ${name}.`);
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }));
  return folder;
}

/** The address of a real PostgreSQL whose user may create databases. */
export async function testPostgresUrl(): Promise<string> {
  if (process.env.TEST_DATABASE_URL) return process.env.TEST_DATABASE_URL;
  const answer = await fetch(inject('testPostgresBroker'));
  const text = await answer.text();
  if (!answer.ok) throw new Error(`PostgreSQL for the tests did not start: ${text}`);
  return text;
}

/**
 * Declares the same suite twice, on PGlite and on PostgreSQL, each on one fresh database per call.
 * `database()` is that database, from beforeAll on.
 */
export function describeOnEachDatabase(name: string, suite: (database: () => Database) => void): void {
  const kinds = [
    ['PGlite', freshPGlite],
    ['PostgreSQL', freshPostgres],
  ] as const;
  for (const [kind, fresh] of kinds) {
    describe(`${name} (${kind})`, () => {
      let open: OpenDatabase | undefined;
      beforeAll(async () => {
        open = await fresh();
      });
      afterAll(async () => {
        await open?.close();
      });
      suite(() => {
        if (!open) throw new Error('The database is there from beforeAll on, not while tests are being collected.');
        return open.db;
      });
    });
  }
}

/** The bytes of a migrated database, cached by the migrations' contents and PGlite's version. */
async function migratedDump(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = migrationsFolder();
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
    hash.update(name).update(await readFile(join(folder, name)));
  }
  hash.update(await readFile(join(folder, 'meta', '_journal.json')));
  const require = createRequire(import.meta.url);
  hash.update(await readFile(join(require.resolve('@electric-sql/pglite'), '../../package.json')));
  const cache = join('node_modules', '.cache', 'rescue-tests');
  const path = join(cache, `migrated-${hash.digest('hex').slice(0, 16)}.tar`);
  try {
    return new Uint8Array(await readFile(path));
  } catch {
    const client = await PGlite.create();
    await migratePGlite(client, folder);
    const dump = new Uint8Array(await (await client.dumpDataDir('none')).arrayBuffer());
    await client.close();
    await mkdir(cache, { recursive: true });
    const temporaryPath = `${path}.${randomUUID()}`;
    await writeFile(temporaryPath, dump);
    await rename(temporaryPath, path);
    return dump;
  }
}

async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
