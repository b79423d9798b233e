/**
 * Forward-only migrations, written by `npm run db:generate` into drizzle/migrations.
 * On PostgreSQL they run under an advisory lock, so that several instances may start at once.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgresWith } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePGlite } from 'drizzle-orm/pglite';
import { migrate as migratePGliteWith } from 'drizzle-orm/pglite/migrator';
import type { Pool } from 'pg';
import { migrationsFolder } from './installation';

/** An arbitrary constant that no other program may use on the same database. */
const ADVISORY_LOCK = 0x52455343;

export async function migratePGlite(client: PGlite, folder = migrationsFolder()): Promise<void> {
  await assertNotNewer((text) => client.query(text), folder);
  await migratePGliteWith(drizzlePGlite(client), { migrationsFolder: folder });
}

export async function migratePostgres(pool: Pool, folder = migrationsFolder()): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    try {
      await assertNotNewer((text) => connection.query(text), folder);
      await migratePostgresWith(drizzlePostgres(connection), { migrationsFolder: folder });
    } finally {
      await connection.query('select pg_advisory_unlock($1)', [ADVISORY_LOCK]);
    }
  } finally {
    connection.release();
  }
}

/** An older program on a newer schema would fail while people work, so it refuses to start instead. */
async function assertNotNewer(query: (text: string) => Promise<{ rows: unknown[] }>, folder: string): Promise<void> {
  const found = await query(`select to_regclass('drizzle.__drizzle_migrations') is not null as there`);
  if (!(found.rows[0] as { there: boolean }).there) return;
  const applied = await query('select max(created_at) as latest from drizzle.__drizzle_migrations');
  const journal = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  const newest = Math.max(...journal.entries.map((entry) => entry.when));
  if (Number((applied.rows[0] as { latest: string | number | null }).latest ?? 0) > newest) {
    throw new Error('This database was written by a newer Rescue Studio. Start that version, or restore a backup.');
  }
}
