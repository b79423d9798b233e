/** Backups while people work: what is restored is what was committed at one moment. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { expect, it } from 'vitest';
import { type Database, openInFolder } from '@/lib/db/client';
import { openBackupSocket } from './backup-socket';
import { backUp, installationKinds, newFolder, open, restore, seed } from './installations.test-support';

/** Stores pairs of rows, one transaction each, until it is told to stop. @returns how many were acknowledged so far */
function keepWriting(db: Database) {
  let [stored, stopped] = [0, false];
  const done = (async () => {
    while (!stopped) {
      const name = `writer-${stored}`;
      await db.transaction(async (tx) => {
        await tx.execute(sql`insert into users (id, name, email) values (${name}, 'Writer', ${name})`);
        await tx.execute(
          sql`insert into verifications (id, identifier, value, expires_at) values (${name}, '', '', now())`,
        );
      });
      stored++;
    }
  })();
  return {
    stored: () => stored,
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}

/** The numbers of the writers in both tables, which must be the same and without a gap. */
async function writers(dataDir: string, databaseUrl?: string): Promise<number> {
  return open(dataDir, databaseUrl, async (db) => {
    const numbers = async (table: string) => {
      const { rows } = await db.query<{ n: number }>(
        `select split_part(id, '-', 2)::int as n from ${table} where id like 'writer-%' order by 1`,
      );
      return rows.map(({ n }) => n);
    };
    const users = await numbers('users');
    expect(await numbers('verifications')).toEqual(users);
    expect(users).toEqual(users.map((_, i) => i));
    return users.length;
  });
}

it('the embedded database is copied by the server that has it, which goes on', async () => {
  const dataDir = await newFolder();
  const server = await openInFolder(dataDir);
  const door = await openBackupSocket(dataDir, server.whilePaused!);
  try {
    await seed(server.db, dataDir);
    const writing = keepWriting(server.db);
    while (writing.stored() < 10) await new Promise((done) => setTimeout(done, 5));
    const before = writing.stored();
    const { out, result } = await backUp({ dataDir, databaseUrl: undefined, close: async () => undefined });
    const after = writing.stored();
    await writing.stop();
    expect(result.files).toBe(2);
    expect((await readdir(dataDir)).filter((name) => name.startsWith('.'))).toEqual([]);
    const target = await installationKinds['the embedded database'](false);
    await restore(out, target);
    const restored = await writers(target.dataDir);
    expect(restored).toBeGreaterThanOrEqual(before);
    expect(restored).toBeLessThanOrEqual(after);
  } finally {
    await door.close();
    await server.close();
  }
}, 240_000);

it('without the backup socket the folder of a running server is refused with a sentence', async () => {
  const dataDir = await newFolder();
  const server = await openInFolder(dataDir);
  try {
    const place = { dataDir, databaseUrl: undefined, close: async () => undefined };
    await expect(backUp(place)).rejects.toThrow('cannot be asked for a copy');
    await expect(restore(join(dataDir, 'none'), place, true)).rejects.toThrow('there is no such file');
  } finally {
    await server.close();
  }
}, 120_000);

it('PostgreSQL is read in one transaction while others write', async () => {
  const source = await installationKinds.PostgreSQL(true);
  const target = await installationKinds.PostgreSQL(false);
  const pool = new Pool({ connectionString: source.databaseUrl });
  pool.on('error', () => undefined);
  try {
    const writing = keepWriting(drizzle(pool) as unknown as Database);
    while (writing.stored() < 10) await new Promise((done) => setTimeout(done, 5));
    const before = writing.stored();
    const { out } = await backUp(source, join(source.dataDir, `${randomUUID()}.backup`));
    await writing.stop();
    await restore(out, target);
    expect(await writers(target.dataDir, target.databaseUrl)).toBeGreaterThanOrEqual(before);
  } finally {
    await pool.end();
    await source.close();
    await target.close();
  }
}, 120_000);
