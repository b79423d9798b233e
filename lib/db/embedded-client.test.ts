import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from '@/drizzle/schema';
import { type OpenDatabase, openInFolder } from './client';
import { openEmbeddedClient } from './embedded-client';

let root = '';
let open: OpenDatabase;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rescue-embedded-'));
  open = await openInFolder(join(root, 'data'));
});
afterAll(async () => {
  await open.close();
  rmSync(root, { recursive: true, force: true });
});

const person = (id: string) => ({ id, name: id, email: `${id}@example.org` });

/** How often the event loop came round while a long query ran. */
async function turnsDuring(query: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let running = true;
  const count = () => {
    turns++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  await query();
  running = false;
  return turns;
}
const LONG = 'select count(*) from generate_series(1, 400000) n where n % 7 = 0';

describe('the embedded database in its thread', () => {
  it('lets the server’s thread go on while a query runs; in the same thread nothing else happens', async () => {
    expect(await turnsDuring(() => open.db.execute(sql.raw(LONG)))).toBeGreaterThan(20);
    const here = await PGlite.create();
    // The control: what it was before.
    expect(await turnsDuring(() => here.query(LONG))).toBeLessThan(20);
    await here.close();
  });

  it('isolates transactions, and runs requests in their order', async () => {
    const { db } = open;
    const order: string[] = [];
    const first = db.transaction(async (tx) => {
      await tx.insert(users).values(person('in-transaction'));
      await new Promise((done) => setTimeout(done, 50));
      order.push('transaction');
      throw new Error('undone');
    });
    const others = ['a', 'b', 'c'].map(async (name) => {
      const found = await db.select().from(users).where(eq(users.id, 'in-transaction'));
      order.push(`${name} ${found.length}`);
    });
    await expect(first).rejects.toThrow('undone');
    await Promise.all(others);
    expect(order).toEqual(['transaction', 'a 0', 'b 0', 'c 0']);
  });

  it('runs other requests between the steps of a job', async () => {
    const { db } = open;
    const order: string[] = [];
    const long = (async () => {
      for (let step = 0; step < 4; step++) {
        await db.transaction((tx) => tx.execute(sql`select 1`));
        order.push('step');
      }
    })();
    const short = (async () => {
      for (let n = 0; n < 3; n++) {
        await db.execute(sql`select 1`);
        order.push('other');
      }
    })();
    await Promise.all([long, short]);
    expect(order.indexOf('other')).toBeLessThan(2);
    expect(order.lastIndexOf('other')).toBeLessThan(order.lastIndexOf('step'));
  });

  it('gives dates, JSON, bytes, numbers and errors as PostgreSQL’s driver does', async () => {
    const { db } = open;
    await db.insert(users).values(person('types'));
    const [row] = await db.select().from(users).where(eq(users.id, 'types'));
    expect(row?.createdAt).toBeInstanceOf(Date);
    const { rows } = (await db.execute(
      sql`select 1::integer n, '{"a":[1]}'::jsonb j, '\\x00ff'::bytea b, null t, true yes`,
    )) as unknown as { rows: Record<string, unknown>[] };
    expect(rows).toEqual([{ n: 1, j: { a: [1] }, b: new Uint8Array([0, 255]), t: null, yes: true }]);
    await expect(db.insert(users).values(person('types'))).rejects.toMatchObject({
      cause: { code: '23505', constraint: 'users_pkey' },
    });
    await expect(db.execute(sql`select nothing`)).rejects.toMatchObject({ cause: { code: '42703' } });
  });

  it('is copied while paused, and queries wait meanwhile', async () => {
    const { db, whilePaused: atRest } = open;
    await db.insert(users).values(person('before'));
    const copy = join(root, 'copy');
    let waited: Promise<unknown> | undefined;
    await atRest!(async () => {
      waited = db.insert(users).values(person('meanwhile'));
      cpSync(join(root, 'data/database'), join(copy, 'database'), { recursive: true });
    });
    await waited;
    const copied = await openInFolder(copy);
    const ids = (await copied.db.select({ id: users.id }).from(users)).map(({ id }) => id);
    await copied.close();
    expect(ids).toContain('before');
    expect(ids).not.toContain('meanwhile');
  });

  it('answers with an error once it is closed, and says why it did not open', async () => {
    const client = await openEmbeddedClient(join(root, 'another'));
    await client.close();
    await expect(client.query('select 1')).rejects.toThrow('is closed');
    await expect(openEmbeddedClient('/dev/null/nowhere')).rejects.toThrow('/dev/null');
  });
});
