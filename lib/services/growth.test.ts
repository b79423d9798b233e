/**
 * What a page reads does not grow with its project. PostgreSQL itself counts: rows read and blocks touched, in triggers
 * as well, by each page's answer in a project of 2,000 prompts and in one of 8,000.
 */
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { placePrompts } from '@/lib/db/coverage';
import { type LargeProject, seedLargeProject } from '@/lib/db/large-project.test-support';
import { emptyPostgres } from '@/lib/db/testing';
import { promptSigns, promptSorts, promptStates } from '@/lib/schemas/prompt-list';
import { getLedger } from './get-ledger';
import { getPace } from './get-pace';
import { listRuns } from './get-run';
import { getWork } from './get-work';
import { listGold } from './gold';
import { listMyAnnotations } from './list-my-annotations';
import { listPrompts } from './list-prompts';
import { listProjects, viewProject } from './projects';
import { changeMark, listMarks, listMyMarks } from './prompt-marks';
import { promptsToSample } from './prompts-to-sample';
import { listSnapshots } from './read-snapshot';
import { rerankRun } from './rerank-run';
import { reviewQueue } from './review-queue';
import { saveAnnotation } from './save-annotation';
import { getNextTasks, getTask } from './tasks';
import { viewAnswers } from './view-answers';

const SMALL = 2_000;
const LARGE = 8_000;

interface Sized {
  db: Database;
  seeded: LargeProject;
  size: number;
  close(): Promise<void>;
}

const researcher = ({ seeded }: Sized): Actor => ({ userId: seeded.researcherId, role: 'researcher' });
const annotator = ({ seeded }: Sized): Actor => ({ userId: seeded.annotatorIds[0]!, role: 'annotator' });
const nextTask = async (at: Sized) =>
  (await getNextTasks(annotator(at), at.db, at.seeded.projectId, { exclude: [], count: 1 })).tasks[0]!;

/** Everything that a page asks for. */
const pages: Record<string, (at: Sized) => Promise<unknown>> = {
  'projects, to an annotator': (at) => listProjects(annotator(at), at.db),
  'projects, to a researcher': (at) => listProjects(researcher(at), at.db),
  'a project, to an annotator': (at) => viewProject(annotator(at), at.db, at.seeded.projectId),
  'a project, to a researcher': (at) => viewProject(researcher(at), at.db, at.seeded.projectId),
  'a page of the ledger': (at) => getLedger(researcher(at), at.db, at.seeded.projectId, {}),
  work: (at) => getWork(researcher(at), at.db, at.seeded.projectId),
  marks: (at) => listMarks(researcher(at), at.db, at.seeded.projectId),
  'own marks': (at) => listMyMarks(annotator(at), at.db, at.seeded.projectId),
  gold: (at) => listGold(researcher(at), at.db, at.seeded.projectId),
  snapshots: (at) => listSnapshots(researcher(at), at.db, at.seeded.projectId),
  runs: (at) => listRuns(researcher(at), at.db, at.seeded.projectId),
  'a page of re-ranked prompts': (at) =>
    rerankRun(researcher(at), at.db, at.seeded.runId, { offset: at.size / 2 - 50, limit: 50 }),
  'a page of prompts to sample': (at) => promptsToSample(researcher(at), at.db, at.seeded.projectId, at.size / 2),
  ...Object.fromEntries(
    promptSorts.map((sort) => [
      `prompts, by ${sort}`,
      (at: Sized) => listPrompts(researcher(at), at.db, at.seeded.projectId, { sort }),
    ]),
  ),
  ...Object.fromEntries(
    [
      // Too few are skipped for a full page in the smaller project.
      ...promptSigns.filter((sign) => sign !== 'skipped').map((sign) => ({ sign })),
      ...promptStates.map((state) => ({ state })),
      { language: 'xx' },
      { text: 'not there' },
    ].map((filter) => [
      `prompts, ${JSON.stringify(filter)}`,
      (at: Sized) => listPrompts(researcher(at), at.db, at.seeded.projectId, { sort: 'import', ...filter }),
    ]),
  ),
  'prompts from the middle, by last change': async (at) => {
    const middle = sql`select cast(extract(epoch from changed_at) * 1000000 as bigint)::text as key, position from prompt_coverage
      where project_id = ${at.seeded.projectId} and position = ${at.size / 2}::int`;
    const { rows } = (await at.db.execute(middle)) as unknown as { rows: [{ key: string; position: number }] };
    return listPrompts(researcher(at), at.db, at.seeded.projectId, { sort: 'changed', after: rows[0] });
  },
  'own annotations': (at) => listMyAnnotations(annotator(at), at.db, at.seeded.projectId),
  'prompts that wait for a decision': (at) =>
    reviewQueue(researcher(at), at.db, at.seeded.projectId, { list: 'differing' }),
  'everybody’s answers to a prompt': async (at) => {
    const query = { list: 'differing' } as const;
    const [first] = (await reviewQueue(researcher(at), at.db, at.seeded.projectId, query)).items;
    return viewAnswers(researcher(at), at.db, at.seeded.projectId, first!.promptId);
  },
  pace: (at) => getPace(annotator(at), at.db, at.seeded.projectId, new Date(Date.now() - 3_600_000)),
  'the next tasks': (at) => getNextTasks(annotator(at), at.db, at.seeded.projectId, { exclude: [], count: 2 }),
  'one task': async (at) => getTask(annotator(at), at.db, at.seeded.projectId, (await nextTask(at)).promptId),
  'saving an annotation': async (at) => {
    const { promptId, responses } = await nextTask(at);
    return saveAnnotation(annotator(at), at.db, at.seeded.projectId, {
      promptId,
      idempotencyKey: randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 30_000,
      placements: responses.map(({ id }, tier) => ({ responseId: id, state: 'placed', tier })),
    });
  },
  'skipping a prompt': async (at) => {
    const { promptId } = await nextTask(at);
    const mark = { kind: 'skipped', reason: 'language', note: '' } as const;
    const change = { promptId, idempotencyKey: randomUUID(), kind: 'skipped' as const, mark };
    return changeMark(annotator(at), at.db, at.seeded.projectId, change);
  },
};

/** The pages that give out prompts, or change who has which. */
const assigning = ['a project, to an annotator', 'the next tasks', 'saving an annotation', 'skipping a prompt'];

async function sized(size: number): Promise<Sized> {
  const { db: outside, migrate, close, url } = await emptyPostgres();
  await migrate();
  // Every judged prompt is flagged: lists that end at a limit reach it in both sizes.
  const seeded = await seedLargeProject(outside, size, { words: 5, flagEvery: 1 });
  // Seeding does not save through the service that keeps this.
  await outside.execute(sql`update prompt_coverage set disagreement = 1 + position % 900 where judged > 1`);
  await outside.execute(sql`vacuum analyze`);
  // Counts belong to a connection until they are flushed: one for all.
  const pool = new Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined);
  const db = drizzle(pool) as unknown as Database;
  return { db, seeded, size, close: () => pool.end().then(close) };
}

async function counters(db: Database): Promise<number> {
  await db.execute(sql`select pg_stat_force_next_flush()`);
  await db.execute(sql`select pg_stat_clear_snapshot()`);
  const { rows } = (await db.execute(sql`select (select sum(seq_tup_read) from pg_stat_user_tables)
    + (select sum(idx_tup_read) from pg_stat_user_indexes)
    + (select sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)) from pg_statio_user_tables) as n`)) as unknown as {
    rows: [{ n: string }];
  };
  return Number(rows[0].n);
}

/** The least of a few: the database's own housekeeping counts too. */
async function workOf(at: Sized, page: (at: Sized) => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const before = await counters(at.db);
    await page(at);
    least = Math.min(least, (await counters(at.db)) - before);
  }
  return least;
}

describe('however large the project', () => {
  let small: Sized;
  let large: Sized;
  beforeAll(async () => {
    small = await sized(SMALL);
    large = await sized(LARGE);
  }, 600_000);
  afterAll(async () => {
    await small?.close();
    await large?.close();
  });

  it.each(Object.entries(pages))('%s: as much is read', async (_name, page) => {
    const [few, many] = [await workOf(small, page), await workOf(large, page)];
    expect(few).toBeGreaterThan(0);
    // An index of four times as many rows may be one block deeper, for each row that is looked up in it.
    expect(many, `${few} rows and blocks at ${SMALL} prompts, ${many} at ${LARGE}`).toBeLessThan(few * 1.5 + 40);
  });

  describe('where each prompt has five places, one of which is free in the half that all four have judged', () => {
    beforeAll(async () => {
      for (const { db, seeded } of [small, large]) {
        await db.execute(sql`update projects set overlap = 5 where id = ${seeded.projectId}`);
        await placePrompts(db, seeded.projectId);
        await db.execute(sql`vacuum analyze`);
      }
    }, 300_000);

    it.each(Object.entries(pages).filter(([name]) => assigning.includes(name)))(
      '%s: as much is read',
      async (_name, page) => {
        const [few, many] = [await workOf(small, page), await workOf(large, page)];
        expect(many, `${few} rows and blocks at ${SMALL} prompts, ${many} at ${LARGE}`).toBeLessThan(few * 1.5 + 40);
      },
    );
  });

  it('a page that reads all prompts is detected', async () => {
    const all = (at: Sized) => at.db.execute(sql`select count(*) from prompts`);
    expect(await workOf(large, all)).toBeGreaterThan((await workOf(small, all)) * 2);
  });
});
