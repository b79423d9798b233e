/**
 * Annotators who ask at the same moment never make k + 1, with leases that end in between. `RACE=full` is the long
 * version: 64 clients, overlap 3, 2,000 prompts, ten runs on each database.
 */
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import type { Database } from '@/lib/db/client';
import { emptyPostgres, freshPGlite } from '@/lib/db/testing';
import { race, withoutTransactions } from './assignment-race.test-support';

const isFull = process.env.RACE === 'full';
const size = isFull ? { clients: 64, overlap: 3, prompts: 2_000 } : { clients: 10, overlap: 3, prompts: 15 };
const runs = isFull ? 10 : 1;
const firstSeed = Number(process.env.RACE_SEED ?? Date.now() % 1_000_000);

/** A PostgreSQL with a connection for each of many clients. */
async function crowdedPostgres(): Promise<{ db: Database; close: () => Promise<void> }> {
  const { migrate, close, url } = await emptyPostgres();
  await migrate();
  const pool = new Pool({ connectionString: url, max: 32 });
  pool.on('error', () => undefined);
  return { db: drizzle(pool) as unknown as Database, close: () => pool.end().then(close) };
}

describe.each([
  ['PGlite', freshPGlite],
  ['PostgreSQL', crowdedPostgres],
] as const)('a race for places (%s)', (kind, fresh) => {
  it.each(Array.from({ length: runs }, (_, i) => firstSeed + i))(
    'gives every prompt exactly three annotators, nobody the same prompt twice, and loses nothing (seed %i)',
    async (seed) => {
      const { db, close } = await fresh();
      try {
        const started = Date.now();
        const result = await race(db, { ...size, seed });
        if (isFull) console.log(kind, seed, `${Math.round((Date.now() - started) / 1000)} s`, JSON.stringify(result));
        expect(result).toMatchObject({
          promptsByAnnotators: { 3: size.prompts },
          lost: 0,
          twice: 0,
          mostAtOnce: 3,
          drifted: 0,
        });
        expect(result.saved - result.extra).toBe(size.prompts * 3);
        expect(result.expired).toBeGreaterThan(0);
      } finally {
        await close();
      }
    },
    3_600_000,
  );

  it.each(Array.from({ length: runs }, (_, i) => firstSeed + i))(
    'closes prompts when they are certain, none too soon, and never has more annotators than the most (seed %i)',
    async (seed) => {
      const { db, close } = await fresh();
      try {
        const result = await race(db, { ...size, overlap: 5, overlapMinimum: 2, seed });
        if (isFull) console.log(kind, seed, JSON.stringify(result));
        expect(result).toMatchObject({ lost: 0, twice: 0, drifted: 0, closedTooSoon: 0 });
        expect(result.mostAtOnce).toBeLessThanOrEqual(5);
        const counts = Object.entries(result.promptsByAnnotators).map(([annotators, prompts]) => [
          +annotators,
          prompts,
        ]);
        expect(counts.reduce((sum, [, prompts]) => sum + prompts!, 0)).toBe(size.prompts);
        for (const [annotators] of counts) expect(annotators).toBeGreaterThanOrEqual(2);
        for (const [annotators] of counts) expect(annotators).toBeLessThanOrEqual(5);
        expect(counts.some(([annotators]) => annotators! < 5)).toBe(true);
        expect(result.expired).toBeGreaterThan(0);
      } finally {
        await close();
      }
    },
    3_600_000,
  );

  it.each(Array.from({ length: runs }, (_, i) => firstSeed + i))(
    'holds where annotators read different languages, and gives nobody a prompt in another one (seed %i)',
    async (seed) => {
      const { db, close } = await fresh();
      try {
        const result = await race(db, { ...size, inLanguages: true, seed });
        if (isFull) console.log(kind, seed, JSON.stringify(result));
        expect(result).toMatchObject({
          promptsByAnnotators: { 3: size.prompts },
          lost: 0,
          twice: 0,
          mostAtOnce: 3,
          drifted: 0,
          unread: 0,
        });
      } finally {
        await close();
      }
    },
    3_600_000,
  );

  it('fails where asking is no transaction', async () => {
    const { db, close } = await fresh();
    try {
      const crowd = { clients: 16, overlap: 3, prompts: 4, seed: firstSeed };
      const { mostAtOnce } = await race(db, crowd, withoutTransactions(db));
      expect(mostAtOnce).toBeGreaterThan(3);
    } finally {
      await close();
    }
  }, 300_000);
});
