import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { prompts } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import {
  type ListedPrompt,
  type PromptList,
  type PromptListQuery,
  promptListCursor,
  promptListQuerySchema,
  promptSorts,
} from '@/lib/schemas/prompt-list';
import type { PromptId } from '@/trainer/contract/ids';
import { changePrompt } from './change-prompt';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { listPrompts } from './list-prompts';
import { annotate, encode, projectWithPeople, promptFile, refusal, type TestProject } from './people.test-support';
import { changeMark, resolveFlag } from './prompt-marks';

const COUNT = 120;

describeOnEachDatabase('the list of prompts', (database) => {
  let people: TestProject;
  let db: Database;
  let ids: Map<string, string>;
  const page = (query: z.input<typeof promptListQuerySchema> = {}) =>
    listPrompts(people.researcher, db, people.projectId, promptListQuerySchema.parse(query));
  /** All pages, each asked for where the one before ended. */
  const all = async (query: z.input<typeof promptListQuerySchema> = {}): Promise<ListedPrompt[]> => {
    const found: ListedPrompt[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const answer: PromptList = await page({ ...query, ...(after ? { after } : {}) });
      found.push(...answer.prompts);
      after = answer.next;
    }
    return found;
  };
  const names = async (query: z.input<typeof promptListQuerySchema> = {}) =>
    (await all(query)).map(({ externalId }) => externalId);
  const mark = (externalId: string, kind: 'flagged' | 'skipped') =>
    changeMark(people.other, db, people.projectId, {
      promptId: ids.get(externalId)!,
      idempotencyKey: randomUUID(),
      kind,
      mark: kind === 'flagged' ? { kind, note: '' } : { kind, note: '', reason: 'language' },
    });

  beforeAll(async () => {
    db = database();
    people = await projectWithPeople(db);
    const { projectId, researcher, annotator, other } = people;
    await importPrompts(researcher, db, projectId, promptFile(COUNT));
    const rows = await db.select().from(prompts).where(eq(prompts.projectId, projectId));
    ids = new Map(rows.map(({ id, externalId }) => [externalId, id]));
    for (const n of [3, 1, 2]) await annotate(db, annotator, { projectId, externalId: `p${n}` }, { a: 0, b: 1, c: 2 });
    await annotate(db, other, { projectId, externalId: 'p2' }, { a: 2, b: 1, c: 0 });
    await annotate(db, other, { projectId, externalId: 'p3' }, { a: 0, b: 1, c: 2 });
    await mark('p4', 'flagged');
    await mark('p5', 'skipped');
    await annotate(db, researcher, { projectId, externalId: 'p6' }, { a: 0, b: 1, c: 1 });
    await setGold(researcher, db, projectId, ids.get('p6')!, '');
  }, 60_000);

  it('has every prompt once, in each order, over all of its pages', async () => {
    for (const sort of promptSorts) {
      const found = await names({ sort });
      expect(new Set(found).size, sort).toBe(COUNT);
      expect(found, sort).toHaveLength(COUNT);
    }
    expect(await names()).toEqual(Array.from({ length: COUNT }, (_, n) => `p${n}`));
    expect((await page()).prompts).toHaveLength(50);
  });

  it('sorts by how many have judged, by how far they differ, and by the last change', async () => {
    expect((await names({ sort: 'most' })).slice(0, 2)).toEqual(['p3', 'p2']);
    expect((await names({ sort: 'fewest' })).slice(-2)).toEqual(['p2', 'p3']);
    expect((await names({ sort: 'disagreed' })).slice(0, 2)).toEqual(['p2', 'p3']);
    expect((await names({ sort: 'changed' })).slice(0, 3)).toEqual(['p6', 'p5', 'p4']);
  });

  it('finds what is withdrawn, and no longer what was restored', async () => {
    const promptId = ids.get('p9') as PromptId;
    const change = (kind: 'withdraw' | 'restore') =>
      changePrompt(people.researcher, db, people.projectId, promptId, { kind, note: '' });
    const withdrawn = () => names({ sign: 'withdrawn' });
    await change('withdraw');
    expect(await withdrawn()).toEqual(['p9']);
    expect(await names({ sign: 'withdrawn', text: 'p9' })).toEqual(['p9']);
    await change('restore');
    expect(await withdrawn()).toEqual([]);
    // Found by its very id, it still has to be what is looked for.
    expect(await names({ sign: 'withdrawn', text: 'p9' })).toEqual([]);
    expect(await names({ source: 'nobody', text: 'p9' })).toEqual([]);
    expect(await names({ state: 'complete', text: 'p9' })).toEqual([]);
    expect((await names({ state: 'new', text: 'p9' }))[0]).toBe('p9');
  });

  it('finds text in messages and ids, whatever the case, and takes no character for a pattern', async () => {
    expect(await names({ text: 'aSK 11' })).toEqual(
      [11, ...Array.from({ length: 10 }, (_, n) => 110 + n)].map((n) => `p${n}`),
    );
    expect((await names({ text: 'p11' }))[0]).toBe('p11');
    expect(await names({ text: 'p11' })).toHaveLength(11);
    expect(await names({ text: '%' })).toEqual([]);
    expect(await names({ text: 'nothing_like_it' })).toEqual([]);
  });

  it('filters by state, sign and source, and by several at once', async () => {
    expect(await names({ state: 'complete' })).toEqual(['p1', 'p2', 'p3', 'p6']);
    expect(await names({ state: 'new' })).toHaveLength(COUNT - 4);
    expect(await names({ sign: 'flagged' })).toEqual(['p4']);
    expect(await names({ sign: 'skipped', sort: 'changed' })).toEqual(['p5']);
    expect(await names({ sign: 'gold', state: 'complete' })).toEqual(['p6']);
    expect(await names({ sign: 'gold', state: 'new' })).toEqual([]);
    expect(await names({ source: 'human' })).toHaveLength(COUNT);
    expect(await names({ source: 'model-z' })).toEqual([]);
  });

  it('says of each prompt what it carries', async () => {
    const [p2, p4] = (await page()).prompts.filter(({ externalId }) => ['p2', 'p4'].includes(externalId));
    expect(p2).toMatchObject({
      state: 'complete',
      judged: 2,
      wanted: null,
      disagreement: 1,
      excerpt: 'Ask 2?',
      signs: [],
    });
    expect(p4).toMatchObject({ state: 'new', judged: 0, flags: 1, signs: ['flagged'], disagreement: null });
  });

  it('loses a flag that was resolved, and has it again when it is reopened', async () => {
    const flag = { promptId: ids.get('p4')!, annotatorId: people.other.userId };
    await resolveFlag(people.researcher, db, people.projectId, { ...flag, resolved: true, resolution: '' });
    expect(await names({ sign: 'flagged' })).toEqual([]);
    await resolveFlag(people.researcher, db, people.projectId, { ...flag, resolved: false, resolution: '' });
    expect(await names({ sign: 'flagged' })).toEqual(['p4']);
  });

  it('is partly judged while fewer have judged it than the project wants', async () => {
    const other = await projectWithPeople(db);
    await importPrompts(other.researcher, db, other.projectId, promptFile(2));
    await db.execute(sql`update projects set overlap = 2 where id = ${other.projectId}`);
    await db.execute(sql`select place_prompts(${other.projectId}::uuid)`);
    await annotate(db, other.annotator, { projectId: other.projectId, externalId: 'p1' }, { a: 0, b: 1, c: 2 });
    const query = promptListQuerySchema.parse({ state: 'partly' });
    const { prompts: found } = await listPrompts(other.researcher, db, other.projectId, query);
    expect(found).toMatchObject([{ externalId: 'p1', judged: 1, wanted: 2 }]);
  });

  it('shows a project’s prompts to its researchers alone', async () => {
    const query = promptListQuerySchema.parse({});
    await refusal(listPrompts(people.annotator, db, people.projectId, query), 'forbidden');
    for (const outsider of people.outsiders) {
      await refusal(listPrompts(outsider, db, people.projectId, query), 'not_found');
    }
  });

  it('shows nothing of an import that is not published', async () => {
    await db.execute(sql`update projects set prompt_count = prompt_count - 1 where id = ${people.projectId}`);
    expect(await names({ sort: 'changed' })).toHaveLength(COUNT - 1);
    await db.execute(sql`update projects set prompt_count = prompt_count + 1 where id = ${people.projectId}`);
  });
});

describe('a query of the list', () => {
  it('has a cursor of a number and a position, or none', () => {
    for (const key of ['', 'x', '1.5', "1' or true", '9'.repeat(18)]) {
      const after = promptListCursor.next({ key, position: 1 });
      expect(promptListQuerySchema.safeParse({ after }).success, key).toBe(false);
    }
    const place = { key: '-3', position: 17 };
    const query = promptListQuerySchema.parse({ after: promptListCursor.next(place) });
    expect(query).toEqual({ sort: 'import', after: place });
  });
});

describeOnEachDatabase('languages of a project', (database) => {
  it('are told with the list, each once', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const lines = new TextDecoder().decode(promptFile(6)).trim().split('\n');
    const spoken = lines.map((line, n) => ({
      ...JSON.parse(line),
      ...[{ language: 'JA' }, { language: 'ar' }, {}][n % 3],
    }));
    await importPrompts(researcher, db, projectId, encode(spoken.map((line) => JSON.stringify(line)).join('\n')));
    const query = (more: Partial<PromptListQuery>) =>
      listPrompts(researcher, db, projectId, promptListQuerySchema.parse(more));
    expect((await query({})).languages).toEqual(['ar', 'ja']);
    expect((await query({ language: 'ja' })).prompts.map(({ externalId }) => externalId)).toEqual(['p0', 'p3']);
  });
});
