import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { prompts } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createSnapshot } from './create-snapshot';
import { goldFeedback, listGold, removeGold, setGold } from './gold';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile, refusal } from './people.test-support';
import { updateProject, viewProject } from './projects';
import { getNextTasks } from './tasks';

async function withGold(db: Database, gold: string[], settings: { goldWarmUp?: number; goldEvery?: number } = {}) {
  const people = await projectWithPeople(db);
  const { projectId, researcher } = people;
  await importPrompts(researcher, db, projectId, promptFile(8));
  const rows = await db.select().from(prompts).where(eq(prompts.projectId, projectId));
  const idOf = (externalId: string) => rows.find((row) => row.externalId === externalId)!.id;
  for (const name of gold) {
    await annotate(db, researcher, { projectId, externalId: name }, { a: 0, b: 1, c: 3 });
    await setGold(researcher, db, projectId, idOf(name), 'The human one has a reason.');
  }
  await updateProject(researcher, db, projectId, { baseVersion: 1, ...settings });
  const queue = async (actor: Actor, exclude: string[] = []) =>
    (await getNextTasks(actor, db, projectId, { exclude, count: 8 })).tasks.map((task) => task.externalId).join(' ');
  return { ...people, idOf, queue };
}

describeOnEachDatabase('gold prompts', (database) => {
  it('come first as a warm-up, then among the others, each once', async () => {
    const db = database();
    const settings = { goldWarmUp: 1, goldEvery: 2 };
    const { projectId, annotator, queue, idOf } = await withGold(db, ['p4', 'p6', 'p7'], settings);
    expect(await queue(annotator)).toBe('p4 p0 p1 p6 p2 p3 p7 p5');
    await annotate(db, annotator, { projectId, externalId: 'p4' }, { a: 0 });
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0 });
    expect(await queue(annotator)).toBe('p1 p6 p2 p3 p7 p5');
    // What the page holds already has had its turn.
    expect(await queue(annotator, [idOf('p1')])).toBe('p6 p2 p3 p7 p5');
  });

  it('are like any other prompt, at the end, where the project gives them no turn', async () => {
    const { annotator, queue } = await withGold(database(), ['p0', 'p3']);
    expect(await queue(annotator)).toBe('p1 p2 p4 p5 p6 p7 p0 p3');
  });

  it('tell afterwards which pairs differ, and nothing before', async () => {
    const db = database();
    const { projectId, annotator, researcher, idOf } = await withGold(db, ['p0']);
    const promptId = idOf('p0');
    await refusal(goldFeedback(annotator, db, projectId, promptId), 'not_found');
    expect(JSON.stringify(await getNextTasks(annotator, db, projectId, { exclude: [], count: 8 }))).not.toMatch(
      /gold|expected|reason/,
    );
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 2, b: 3, c: 0 });
    const feedback = await goldFeedback(annotator, db, projectId, promptId);
    expect(feedback.explanation).toBe('The human one has a reason.');
    expect(feedback.pairs.map(({ verdict }) => verdict).sort()).toEqual(['agreed', 'contradicted', 'contradicted']);
    expect(feedback.share).toBeCloseTo(1 / 3);
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0 });
    await refusal(goldFeedback(annotator, db, projectId, idOf('p1')), 'not_found');
    // A later edit of its author's does not move what is expected.
    await annotate(db, researcher, { projectId, externalId: 'p0' }, { a: 3, b: 1, c: 0 }, { baseVersion: 1 });
    expect((await goldFeedback(annotator, db, projectId, promptId)).share).toBeCloseTo(1 / 3);
  });

  it('are in no snapshot, whatever its strategy; when no longer gold they are', async () => {
    const db = database();
    const { projectId, researcher, annotator, idOf } = await withGold(db, ['p0']);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0, b: 1 });
    const made = (strategy: 'annotations' | 'full') =>
      createSnapshot(researcher, db, projectId, { name: 's', strategy });
    expect((await made('annotations')).snapshot).toMatchObject({ promptCount: 1, pairCount: 1 });
    expect((await made('full')).snapshot.promptCount).toBe(7);
    await removeGold(researcher, db, projectId, idOf('p0'));
    expect((await made('annotations')).snapshot.promptCount).toBe(2);
  });

  it('are the researchers’ to choose, from an answer of their own', async () => {
    const db = database();
    const settings = { goldWarmUp: 1, goldEvery: 2 };
    const { projectId, researcher, annotator, idOf } = await withGold(db, ['p0'], settings);
    await refusal(setGold(researcher, db, projectId, idOf('p1'), ''), 'invalid');
    await refusal(setGold(annotator, db, projectId, idOf('p0'), ''), 'forbidden');
    await refusal(removeGold(annotator, db, projectId, idOf('p0')), 'forbidden');
    await refusal(listGold(annotator, db, projectId), 'forbidden');
    expect((await viewProject(annotator, db, projectId)).project).toMatchObject({ goldWarmUp: 0, goldEvery: 0 });
    expect(await listGold(researcher, db, projectId)).toMatchObject([{ externalId: 'p0' }]);
  });
});
