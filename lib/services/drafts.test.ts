import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { drafts } from '@/drizzle/schema';
import { describeOnEachDatabase } from '@/lib/db/testing';
import type { Task } from '@/lib/schemas/annotation';
import { type Draft, draftSchema } from '@/lib/schemas/draft';
import { importPrompts } from './import-prompts';
import { projectWithPeople, promptFile, refusal } from './people.test-support';
import { saveAnnotation } from './save-annotation';
import { saveDraft } from './save-draft';
import { getNextTasks, getTask } from './tasks';

describeOnEachDatabase('drafts', (database) => {
  async function started() {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, annotator, researcher } = people;
    await importPrompts(researcher, db, projectId, promptFile(2));
    const page = await getNextTasks(annotator, db, projectId, { exclude: [], count: 2 });
    const [task, second] = page.tasks as [Task, Task];
    const draft = (sequence: number, more: Partial<Draft> = {}, tier = 1): Draft =>
      draftSchema.parse({
        baseVersion: 0,
        sequence,
        content: {
          allBad: false,
          timeOnTaskMs: 5,
          placements: [{ responseId: task.responses[0]!.id, state: 'placed', tier }],
        },
        ...more,
      });
    const put = (what: Draft) => saveDraft(annotator, db, projectId, task.promptId, what);
    const seen = async () => (await getTask(annotator, db, projectId, task.promptId)).draft;
    const annotate = (baseVersion = 0) =>
      saveAnnotation(annotator, db, projectId, {
        promptId: task.promptId,
        idempotencyKey: randomUUID(),
        baseVersion,
        allBad: false,
        timeOnTaskMs: 1,
        placements: task.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 0 })),
      });
    const rows = () => db.select().from(drafts).where(eq(drafts.annotatorId, annotator.userId));
    return { ...people, db, task, second, draft, put, seen, annotate, rows };
  }

  it('come with the task, to nobody but the one who made them, and count as nothing', async () => {
    const { db, projectId, annotator, other, task, draft, put } = await started();
    expect(task.draft).toBeNull();
    expect(await put(draft(1))).toEqual({ sequence: 1 });
    const mine = await getNextTasks(annotator, db, projectId, { exclude: [], count: 1 });
    expect(mine.tasks[0]!.draft).toEqual(draft(1));
    expect(mine.progress).toEqual({ done: 0, total: 2 });
    const theirs = await getNextTasks(other, db, projectId, { exclude: [], count: 1 });
    expect(theirs.tasks[0]!.draft).toBeNull();
  });

  it('keep the newest, whatever order the requests come in, and a repeated one changes nothing', async () => {
    const { draft, put, seen } = await started();
    await put(draft(2, {}, 2));
    expect((await refusal(put(draft(1)), 'conflict')).details).toEqual({ sequence: 2 });
    expect(await put(draft(2, {}, 2))).toEqual({ sequence: 2 });
    expect((await refusal(put(draft(2, {}, 3)), 'conflict')).details).toEqual({ sequence: 2 });
    expect(await seen()).toEqual(draft(2, {}, 2));
    await put(draft(3, {}, 0));
    expect(await seen()).toEqual(draft(3, {}, 0));
  });

  it('go when the annotation is saved, and a late one does not come back', async () => {
    const { draft, put, seen, annotate, rows } = await started();
    await put(draft(1));
    await annotate();
    expect(await seen()).toBeNull();
    expect(await rows()).toEqual([]);
    expect((await refusal(put(draft(2)), 'conflict')).details).toEqual({ version: 1 });
    await put(draft(1, { baseVersion: 1 }));
    expect(await seen()).toMatchObject({ baseVersion: 1 });
    await refusal(put(draft(9, { baseVersion: 2 })), 'conflict');
  });

  it('of an older version are never shown, even if one is left behind', async () => {
    const { db, annotator, task, draft, seen, annotate } = await started();
    await annotate();
    await db.insert(drafts).values({ promptId: task.promptId, annotatorId: annotator.userId, ...draft(1) });
    expect(await seen()).toBeNull();
  });

  it('name responses of this prompt and tiers of this project only', async () => {
    const { second, draft, put, seen, rows } = await started();
    const placing = (...placements: Draft['content']['placements']) =>
      draft(1, { content: { allBad: false, timeOnTaskMs: 0, placements } });
    const [own] = draft(1).content.placements;
    await refusal(put(placing({ responseId: second.responses[0]!.id, state: 'placed', tier: 0 })), 'invalid');
    await refusal(put(placing(own!, own!)), 'invalid');
    await refusal(put(draft(1, {}, 4)), 'invalid');
    expect(await seen()).toBeNull();
    expect(await rows()).toEqual([]);
  });

  it('cannot be made in a project that one is not in, nor on a prompt of another', async () => {
    const { db, projectId, annotator, outsiders, task, draft, rows } = await started();
    for (const outsider of outsiders) {
      await refusal(saveDraft(outsider, db, projectId, task.promptId, draft(1)), 'not_found');
    }
    await refusal(saveDraft(annotator, db, projectId, randomUUID(), draft(1)), 'not_found');
    await refusal(saveDraft(annotator, db, projectId, 'x', draft(1)), 'not_found');
    const elsewhere = await started();
    await refusal(saveDraft(annotator, db, projectId, elsewhere.task.promptId, draft(1)), 'not_found');
    expect(await rows()).toEqual([]);
  });
});
