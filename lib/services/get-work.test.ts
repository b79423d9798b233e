import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { addResponses } from './add-responses';
import { getWork } from './get-work';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile, refusal } from './people.test-support';
import { changeMark } from './prompt-marks';
import { getNextTasks } from './tasks';
import { FAST_CHARACTERS_PER_SECOND, workSigns } from './work-signs';

describeOnEachDatabase('the work of a project', (database) => {
  it('counts each annotator’s own, and says what is worth a look', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(6));
    expect((await getWork(researcher, db, projectId)).rows).toEqual([]);
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 6 });
    const [first, , , fourth] = tasks;
    await annotate(db, researcher, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 }, { timeOnTaskMs: 60_000 });
    await setGold(researcher, db, projectId, first!.promptId, '');
    for (const prompt of ['p0', 'p1', 'p2'])
      await annotate(db, annotator, { projectId, externalId: prompt }, { a: 1, b: 1, c: 1 });
    await annotate(db, other, { projectId, externalId: 'p0' }, { a: 0, b: 2 }, { timeOnTaskMs: 20_000 });
    await annotate(db, other, { projectId, externalId: 'p1' }, { a: 0 }, { timeOnTaskMs: 40_000 });
    const mark = { kind: 'skipped', reason: 'language', note: 'Greek' } as const;
    const key = 'key-of-the-skip';
    await changeMark(other, db, projectId, { promptId: fourth!.promptId, idempotencyKey: key, kind: 'skipped', mark });

    const { rows, marks } = await getWork(researcher, db, projectId);
    const of = (userId: string) => rows.find((row) => row.annotatorId === userId);
    expect(of(annotator.userId)).toMatchObject({
      prompts: 3,
      medianActiveMs: 0,
      singleTierShare: 1,
      cannotJudgeShare: 0,
      fast: 3,
      goldPrompts: 1,
      goldShare: 0,
      signs: [
        { kind: 'fast', count: 3, prompts: 3 },
        { kind: 'singleTier', count: 3, prompts: 3 },
      ],
    });
    expect(of(other.userId)).toMatchObject({
      prompts: 2,
      medianActiveMs: 30_000,
      singleTierShare: 0,
      fast: 0,
      goldShare: 1,
      skipped: 1,
      flagged: 0,
      signs: [],
    });
    // Nobody is measured by an expected answer of his or her own.
    expect(of(researcher.userId)).toMatchObject({ goldPrompts: 0, goldShare: null });
    expect(marks).toMatchObject([{ externalId: 'p3', kind: 'skipped', reason: 'language', note: 'Greek' }]);
    await refusal(getWork(annotator, db, projectId), 'forbidden');
  });

  it('measures a text by how long it takes to read, in any script', async () => {
    const texts = ['x', 'Letters, 10 spaces', '漢字かなカナ𠮷', '한국어 글', 'Ωμέγα', 'русский'];
    const lengths: number[] = [];
    for (const text of texts) {
      const { rows } = (await database().execute(sql`select reading_length(${text}) as length`)) as unknown as {
        rows: { length: number }[];
      };
      lengths.push(rows[0]!.length);
    }
    expect(lengths).toEqual([1, 18, 21, 7, 5, 7]);
  });

  it('fast is less time than reading what the version judged takes: responses added later do not make it so', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(1));
    const [{ length }] = (
      (await db.execute(sql`select reading_length(p.messages::text) + sum(reading_length(r.text)) as length
        from prompts p join responses r on r.prompt_id = p.id where p.project_id = ${projectId} group by p.id`)) as unknown as {
        rows: [{ length: string }];
      }
    ).rows;
    const enough = Math.ceil((Number(length) * 1000) / FAST_CHARACTERS_PER_SECOND);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 }, { timeOnTaskMs: enough });
    await annotate(db, other, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 }, { timeOnTaskMs: enough - 1 });
    const fast = async () =>
      Object.fromEntries((await getWork(researcher, db, projectId)).rows.map((row) => [row.annotatorId, row.fast]));
    expect(await fast()).toEqual({ [annotator.userId]: 0, [other.userId]: 1 });
    const { tasks } = await getTaskPage(db, researcher, projectId);
    const long = { text: 'Very long. '.repeat(500) };
    await addResponses(researcher, db, projectId, {
      source: 'a-model',
      prompts: [{ promptId: tasks[0]!.promptId, responses: [long] }],
    });
    expect(await fast()).toEqual({ [annotator.userId]: 0, [other.userId]: 1 });
    // An edit that took little time does not either: the longest look counts.
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 1 }, { baseVersion: 1 });
    expect(await fast()).toEqual({ [annotator.userId]: 0, [other.userId]: 1 });
  });

  it('compares the first answer to a gold prompt: what was expected is told after it', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(1));
    await annotate(db, researcher, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    const { tasks } = await getTaskPage(db, annotator, projectId);
    await setGold(researcher, db, projectId, tasks[0]!.promptId, '');
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 2, b: 1, c: 0 });
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 }, { baseVersion: 1 });
    const { rows } = await getWork(researcher, db, projectId);
    expect(rows.find((row) => row.annotatorId === annotator.userId)).toMatchObject({ goldPrompts: 1, goldShare: 0 });
  });
});

const getTaskPage = (db: Database, actor: Actor, projectId: string) =>
  getNextTasks(actor, db, projectId, { exclude: [], count: 1 });

it('a small amount of work gives no signs', () => {
  expect(workSigns({ prompts: 2, fast: 2, singleTier: 2, withSeveralPlaced: 2 })).toEqual([]);
  expect(workSigns({ prompts: 100, fast: 3, singleTier: 3, withSeveralPlaced: 100 })).toEqual([]);
});
