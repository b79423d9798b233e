import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { prompts } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { readingLengths } from '@/lib/db/work';
import { getWork } from './get-work';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile, refusal } from './people.test-support';
import { changeMark } from './prompt-marks';
import { getNextTasks } from './tasks';
import { isFast, workSigns } from './work-signs';

describeOnEachDatabase('the work of a project', (database) => {
  it('counts each annotator’s own, and says what is worth a look', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(6));
    expect((await getWork(researcher, db, projectId)).rows).toEqual([]);
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 6 });
    const [first, , , fourth] = tasks;
    await annotate(db, researcher, projectId, 'p0', { a: 0, b: 1, c: 2 }, { timeOnTaskMs: 60_000 });
    await setGold(researcher, db, projectId, first!.promptId, '');
    for (const prompt of ['p0', 'p1', 'p2']) await annotate(db, annotator, projectId, prompt, { a: 1, b: 1, c: 1 });
    await annotate(db, other, projectId, 'p0', { a: 0, b: 2 }, { timeOnTaskMs: 20_000 });
    await annotate(db, other, projectId, 'p1', { a: 0 }, { timeOnTaskMs: 40_000 });
    const mark = { kind: 'skipped', reason: 'language', note: 'Greek' } as const;
    const key = 'key-of-the-skip';
    await changeMark(other, db, projectId, { promptId: fourth!.promptId, idempotencyKey: key, kind: 'skipped', mark });

    const { rows, marks } = await getWork(researcher, db, projectId);
    const of = (userId: string) => rows.find((row) => row.annotatorId === userId);
    expect(of(annotator.userId)).toMatchObject({
      prompts: 3,
      medianActiveMs: 1,
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
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const line = (id: string, text: string) =>
      JSON.stringify({
        id,
        prompt: '?',
        responses: [
          { id: 'a', text },
          { id: 'b', text: 'Another.' },
        ],
      });
    const texts = ['x', 'Letters, 10 spaces', '漢字かなカナ𠮷', '한국어 글', 'Ωμέγα', 'русский'];
    const file = texts.map((text, i) => line(`p${i}`, text)).join('\n');
    await importPrompts(researcher, db, projectId, new TextEncoder().encode(file));
    const ids = await db
      .select({ id: prompts.id })
      .from(prompts)
      .where(eq(prompts.projectId, projectId))
      .orderBy(prompts.externalId);
    const lengths = await readingLengths(
      db,
      ids.map(({ id }) => id),
    );
    const beyond = ids.map(({ id }) => lengths.get(id)! - lengths.get(ids[0]!.id)! + 1);
    expect(beyond).toEqual([1, 18, 21, 7, 5, 7]);
  });
});

it('fast is less time than 60 characters a second take', () => {
  expect([isFast(9_999, 600), isFast(10_000, 600)]).toEqual([true, false]);
});

it('little work is never worth a look', () => {
  expect(workSigns({ prompts: 2, fast: 2, singleTier: 2, withSeveralPlaced: 2 })).toEqual([]);
  expect(workSigns({ prompts: 100, fast: 3, singleTier: 3, withSeveralPlaced: 100 })).toEqual([]);
});
