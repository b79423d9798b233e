import { randomUUID } from 'node:crypto';
import { and, eq, ne } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { prompts } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { type MarkKind, markChangeSchema, type PromptMark, promptMarkSchema } from '@/lib/schemas/prompt-mark';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile, refusal } from './people.test-support';
import { changeMark, listMarks, listMyMarks, resolveFlag } from './prompt-marks';
import { getNextTasks, getTask } from './tasks';
import { viewAnnotatorAnswer } from './view-annotator-answer';

async function imported(db: Database) {
  const people = await projectWithPeople(db);
  await importPrompts(people.researcher, db, people.projectId, promptFile(3));
  const queue = async (actor: Actor) =>
    (await getNextTasks(actor, db, people.projectId, { exclude: [], count: 10 })).tasks;
  const [first] = await queue(people.annotator);
  return { ...people, queue, promptId: first!.promptId };
}
type PromptInProject = { projectId: string; promptId: string };
const markPrompt = (
  actor: Actor,
  db: Database,
  { projectId, promptId }: PromptInProject,
  mark: PromptMark,
  key?: string,
) => changeMark(actor, db, projectId, { promptId, idempotencyKey: key ?? randomUUID(), kind: mark.kind, mark });
const unmarkPrompt = (
  actor: Actor,
  db: Database,
  { projectId, promptId }: PromptInProject,
  kind: MarkKind,
  key?: string,
) => changeMark(actor, db, projectId, { promptId, idempotencyKey: key ?? randomUUID(), kind, mark: null });
const names = (tasks: { externalId: string }[]) => tasks.map(({ externalId }) => externalId);
const skip = promptMarkSchema.parse({ kind: 'skipped', reason: 'knowledge', note: 'law' });
const flag = promptMarkSchema.parse({ kind: 'flagged' });

describeOnEachDatabase('skipping', (database) => {
  it('takes a prompt out of one’s own queue, nobody else’s, and returning puts it back in its place', async () => {
    const db = database();
    const { projectId, promptId, annotator, other, queue } = await imported(db);
    await markPrompt(annotator, db, { projectId, promptId }, skip);
    expect(names(await queue(annotator))).toEqual(['p1', 'p2']);
    expect(names(await queue(other))).toEqual(['p0', 'p1', 'p2']);
    await unmarkPrompt(annotator, db, { projectId, promptId }, 'skipped');
    expect(names(await queue(annotator))).toEqual(['p0', 'p1', 'p2']);
  });

  it('counts as no judgement, and judging the prompt ends it', async () => {
    const db = database();
    const { projectId, promptId, annotator } = await imported(db);
    await markPrompt(annotator, db, { projectId, promptId }, skip);
    const page = await getNextTasks(annotator, db, projectId, { exclude: [], count: 1 });
    expect(page.progress).toEqual({ done: 0, total: 3 });
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    expect(await listMyMarks(annotator, db, projectId)).toEqual([]);
    await refusal(markPrompt(annotator, db, { projectId, promptId }, skip), 'conflict');
  });

  it('happens once however often it is asked; the newest reason stands', async () => {
    const db = database();
    const { projectId, promptId, annotator } = await imported(db);
    await Promise.all(Array.from({ length: 4 }, () => markPrompt(annotator, db, { projectId, promptId }, skip)));
    await markPrompt(annotator, db, { projectId, promptId }, { kind: 'skipped', reason: 'broken', note: '' });
    expect(await listMyMarks(annotator, db, projectId)).toEqual([
      {
        promptId,
        externalId: 'p0',
        kind: 'skipped',
        reason: 'broken',
        note: '',
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        resolvedAt: null,
        resolution: '',
      },
    ]);
  });
});

describeOnEachDatabase('flagging', (database) => {
  it('leaves the prompt in the queue, shows on the task, and reaches the researchers with a name', async () => {
    const db = database();
    const { projectId, promptId, annotator, other, researcher, queue } = await imported(db);
    await markPrompt(annotator, db, { projectId, promptId }, { ...flag, note: 'Two answers are the same.' });
    expect((await queue(annotator))[0]).toMatchObject({ externalId: 'p0', flagged: true });
    expect((await getTask(other, db, projectId, promptId)).flagged).toBe(false);
    expect(await listMarks(researcher, db, projectId)).toMatchObject([
      { externalId: 'p0', kind: 'flagged', note: 'Two answers are the same.', annotator: 'annotator' },
    ]);
    await unmarkPrompt(annotator, db, { projectId, promptId }, 'flagged');
    expect(await listMarks(researcher, db, projectId)).toEqual([]);
  });

  it('a change that arrives again, even after newer ones, counts once', async () => {
    const db = database();
    const { projectId, promptId, annotator, queue } = await imported(db);
    const flagged = async () => (await getTask(annotator, db, projectId, promptId)).flagged;
    await markPrompt(annotator, db, { projectId, promptId }, flag, 'key-of-the-flag');
    await unmarkPrompt(annotator, db, { projectId, promptId }, 'flagged', 'key-of-its-end');
    await markPrompt(annotator, db, { projectId, promptId }, flag, 'key-of-the-flag');
    expect(await flagged()).toBe(false);
    // Control: under another key it is another change.
    await markPrompt(annotator, db, { projectId, promptId }, flag, 'another-key');
    expect(await flagged()).toBe(true);
    await unmarkPrompt(annotator, db, { projectId, promptId }, 'flagged', 'key-of-its-end');
    expect(await flagged()).toBe(true);
    await markPrompt(annotator, db, { projectId, promptId }, skip, 'key-of-the-skip');
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    await markPrompt(annotator, db, { projectId, promptId }, skip, 'key-of-the-skip');
    expect(names(await queue(annotator))).toEqual(['p1', 'p2']);
    expect((await listMyMarks(annotator, db, projectId)).map(({ kind }) => kind)).toEqual(['flagged']);
  });

  it('a judgement and a skip that meet leave the judgement', async () => {
    const db = database();
    const { projectId, promptId, annotator } = await imported(db);
    for (let round = 0; round < 8; round++) {
      await Promise.allSettled([
        markPrompt(annotator, db, { projectId, promptId }, skip),
        annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 }, { baseVersion: round }),
      ]);
      expect(await listMyMarks(annotator, db, projectId)).toEqual([]);
    }
  });

  it('a change names one kind, and a reason where one is due', () => {
    const change = { promptId: randomUUID(), idempotencyKey: 'key-1234' };
    expect(markChangeSchema.safeParse({ ...change, kind: 'flagged', mark: null }).success).toBe(true);
    expect(markChangeSchema.safeParse({ ...change, kind: 'flagged', mark: skip }).success).toBe(false);
    expect(markChangeSchema.safeParse({ ...change, kind: 'skipped', mark: { kind: 'skipped' } }).success).toBe(false);
  });

  it('touches only prompts of the project', async () => {
    const db = database();
    const { promptId, researcher } = await imported(db);
    const elsewhere = await projectWithPeople(db);
    await refusal(markPrompt(elsewhere.annotator, db, { projectId: elsewhere.projectId, promptId }, flag), 'not_found');
    await refusal(
      unmarkPrompt(elsewhere.annotator, db, { projectId: elsewhere.projectId, promptId }, 'flagged'),
      'not_found',
    );
    await refusal(
      markPrompt(elsewhere.annotator, db, { projectId: elsewhere.projectId, promptId: 'x' }, flag),
      'not_found',
    );
    await refusal(listMarks(elsewhere.annotator, db, elsewhere.projectId), 'forbidden');
    await refusal(listMarks(researcher, db, elsewhere.projectId), 'not_found');
  });
});

describeOnEachDatabase('a flag', (database) => {
  it('leads its researchers to what that annotator answered, with the note, and nobody else', async () => {
    const db = database();
    const { projectId, promptId, annotator, other, researcher, outsiders } = await imported(db);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 3 });
    await annotate(db, other, { projectId, externalId: 'p0' }, { a: 3, b: 0 });
    await markPrompt(annotator, db, { projectId, promptId }, { kind: 'flagged', note: 'Two of them are one.' });
    const of = (actor: Actor, annotatorId: string) =>
      viewAnnotatorAnswer(actor, db, projectId, { promptId, annotatorId });
    const answer = await of(researcher, annotator.userId);
    const tierOf = (name: string) => {
      const { id } = answer.responses.find(({ externalId }) => externalId === name)!;
      return answer.annotation!.placements.find(({ responseId }) => responseId === id)!.tier;
    };
    expect(['a', 'b', 'c'].map(tierOf)).toEqual([0, 3, null]);
    expect(answer.annotation!.tiers).toEqual(['best', 'good', 'weak', 'bad']);
    expect(answer.marks).toMatchObject([{ kind: 'flagged', note: 'Two of them are one.', resolvedAt: null }]);
    expect((await of(researcher, other.userId)).marks).toEqual([]);
    await refusal(of(annotator, annotator.userId), 'forbidden');
    await refusal(of(outsiders[0]!, annotator.userId), 'not_found');
    // Whoever did nothing here is not named.
    await refusal(of(researcher, outsiders[0]!.userId), 'not_found');
    await refusal(of(researcher, 'nobody'), 'not_found');
  });

  it('is resolved, opened again, and open again when it is set anew', async () => {
    const db = database();
    const { projectId, promptId, annotator, other, researcher } = await imported(db);
    await markPrompt(annotator, db, { projectId, promptId }, flag);
    await markPrompt(other, db, { projectId, promptId }, flag);
    const resolve = (actor: Actor, resolved: boolean, resolution = '') =>
      resolveFlag(actor, db, projectId, { promptId, annotatorId: annotator.userId, resolved, resolution });
    const state = async () => {
      const marks = await listMarks(researcher, db, projectId);
      return marks.find(({ annotatorId }) => annotatorId === annotator.userId)!.resolvedAt !== null;
    };
    await refusal(resolve(annotator, true), 'forbidden');
    await resolve(researcher, true, ' The link is mended. ');
    expect(await state()).toBe(true);
    const [mine] = await listMyMarks(annotator, db, projectId);
    expect(mine).toMatchObject({ resolvedAt: expect.any(String), resolution: 'The link is mended.' });
    expect((await listMyMarks(other, db, projectId))[0]!.resolvedAt).toBeNull();
    await resolve(researcher, false);
    expect(await state()).toBe(false);
    expect((await listMyMarks(annotator, db, projectId))[0]!.resolution).toBe('');
    await resolve(researcher, true);
    await markPrompt(annotator, db, { projectId, promptId }, { kind: 'flagged', note: 'It is still so.' });
    expect(await state()).toBe(false);
    expect(await listMarks(researcher, db, projectId, promptId)).toHaveLength(2);
    const [elsewhere] = await db
      .select({ id: prompts.id })
      .from(prompts)
      .where(and(eq(prompts.projectId, projectId), ne(prompts.id, promptId)));
    expect(await listMarks(researcher, db, projectId, elsewhere!.id)).toEqual([]);
    await unmarkPrompt(annotator, db, { projectId, promptId }, 'flagged');
    await refusal(resolve(researcher, true), 'not_found');
    // A skip is no flag.
    await markPrompt(annotator, db, { projectId, promptId }, skip);
    await refusal(resolve(researcher, true), 'not_found');
  });
});
