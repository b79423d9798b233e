import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { placements, promptChanges, promptCoverage, prompts, responses } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { currentAnnotationsOn } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { annotationsJsonl } from '@/lib/formats/annotations-jsonl';
import { readAnnotations } from '@/lib/formats/read-annotations';
import { snapshotWriter } from '@/lib/formats/registry';
import type { ChangePrompt } from '@/lib/schemas/prompt-change';
import { DEFAULT_ISSUE_TAGS } from '@/lib/schemas/remark-rules';
import type { PromptId, ResponseId } from '@/trainer/contract/ids';
import { assignPrompts } from './assign-prompts';
import { changePrompt, getChangeablePrompt } from './change-prompt';
import { createSnapshot } from './create-snapshot';
import { exportAnnotations } from './export-annotations';
import { importPrompts } from './import-prompts';
import {
  annotate,
  collect,
  encode,
  parseAnnotationLine,
  projectWithPeople,
  promptFile,
  refusal,
  type TestProject,
} from './people.test-support';
import { exportSnapshot } from './read-snapshot';
import { saveAnnotation } from './save-annotation';
import { saveDraft } from './save-draft';
import { getNextTasks, getTask } from './tasks';
import { viewAnnotatorAnswer } from './view-annotator-answer';

describeOnEachDatabase('a prompt that is changed', (database) => {
  let db: Database;
  let people: TestProject;
  let promptId: PromptId;
  let ids: Record<string, ResponseId>;
  const change = (wanted: ChangePrompt, id = promptId) =>
    changePrompt(people.researcher, db, people.projectId, id, wanted);
  const withdraw = (responseId?: ResponseId) =>
    change({ kind: 'withdraw', note: '', ...(responseId ? { responseId } : {}) });
  const restore = (responseId?: ResponseId) =>
    change({ kind: 'restore', note: '', ...(responseId ? { responseId } : {}) });
  const correct = (responseId: ResponseId, text: string, judgeAgain: boolean, textVersion = 1) =>
    change({ kind: 'correct', note: '', text: { responseId, text }, judgeAgain, textVersion });
  const next = async (actor: Actor) =>
    (await getNextTasks(actor, db, people.projectId, { exclude: [], count: 9 })).tasks.map(
      ({ externalId }) => externalId,
    );
  const judgeP0 = (actor: Actor, tiers: Record<string, number>, baseVersion = 0) =>
    annotate(db, actor, { projectId: people.projectId, externalId: 'p0' }, tiers, { baseVersion });
  const snapshotLines = async () => {
    const { snapshot } = await createSnapshot(people.researcher, db, people.projectId, {
      name: randomUUID(),
      strategy: 'full',
    });
    const { lines } = await exportSnapshot(people.researcher, db, snapshot.id, snapshotWriter('records'));
    const records = (await collect(lines))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { id: snapshot.id, records };
  };
  const exported = async () => {
    const { lines } = await exportAnnotations(people.researcher, db, people.projectId, annotationsJsonl);
    return (await collect(lines)).trim().split('\n').map(parseAnnotationLine);
  };
  /** A board that was opened before, and is saved now. */
  const openBoard = async (actor: Actor) => {
    const task = await getTask(actor, db, people.projectId, promptId);
    return (tiers: number[]) =>
      saveAnnotation(actor, db, people.projectId, {
        promptId,
        idempotencyKey: randomUUID(),
        baseVersion: task.annotation?.version ?? 0,
        textVersion: task.textVersion,
        allBad: false,
        timeOnTaskMs: 1,
        placements: task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: tiers[i]! })),
      });
  };

  beforeEach(async () => {
    db = database();
    people = await projectWithPeople(db);
    await importPrompts(people.researcher, db, people.projectId, promptFile(3));
    const [row] = await db
      .select()
      .from(prompts)
      .where(and(eq(prompts.projectId, people.projectId), eq(prompts.externalId, 'p0')));
    promptId = row!.id;
    const own = await db.select().from(responses).where(eq(responses.promptId, promptId));
    ids = Object.fromEntries(own.map(({ externalId, id }) => [externalId, id]));
  });

  it('withdrawn, is given to nobody, counts in nothing, and comes back as it was', async () => {
    await judgeP0(people.annotator, { a: 0, b: 1, c: 2 });
    const before = await snapshotLines();
    expect(before.records.map(({ id }) => id)).toEqual(['p0', 'p1', 'p2']);
    await withdraw();
    expect(await next(people.other)).toEqual(['p1', 'p2']);
    expect((await snapshotLines()).records.map(({ id }) => id)).toEqual(['p1', 'p2']);
    expect((await exported()).map(({ in_force: inForce }) => inForce)).toEqual([false]);
    const given = await assignPrompts(people.researcher, db, people.projectId, {
      annotatorId: people.other.userId,
      prompts: ['p0'],
    });
    expect(given.refused).toEqual([{ prompt: 'p0', reason: 'withdrawn' }]);
    // The earlier snapshot is what it was.
    const { lines } = await exportSnapshot(people.researcher, db, before.id, snapshotWriter('records'));
    expect(
      (await collect(lines))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(before.records);
    await restore();
    expect(await next(people.other)).toEqual(['p0', 'p1', 'p2']);
    expect((await snapshotLines()).records).toEqual(before.records);
    expect((await exported()).map(({ in_force: inForce }) => inForce)).toEqual([true]);
  });

  it('withdrawn, is no longer counted among what there is to do', async () => {
    await withdraw();
    const { progress } = await getNextTasks(people.annotator, db, people.projectId, { exclude: [], count: 1 });
    expect(progress).toEqual({ done: 0, total: 2 });
  });

  it('withdrawn, is out of the queue where each prompt has a number of places, too', async () => {
    await db.execute(sql`update projects set overlap = 1 where id = ${people.projectId}`);
    await db.execute(sql`select place_prompts(${people.projectId}::uuid)`);
    expect(await next(people.annotator)).toContain('p0');
    await withdraw();
    // Not even to whoever held a place on it.
    expect(await next(people.annotator)).not.toContain('p0');
    await restore();
    expect(await next(people.annotator)).toContain('p0');
    expect(await next(people.other)).toEqual([]);
  });

  it('keeps the work of an open board, and says that it was withdrawn meanwhile', async () => {
    const save = await openBoard(people.annotator);
    await withdraw();
    expect(await save([0, 1, 2])).toMatchObject({ version: 1, meanwhile: 'withdrawn' });
    await restore();
    expect(await currentAnnotationsOn(db, [promptId])).toHaveLength(1);
  });

  it('keeps a place on an open board that holds a withdrawn response, but does not count it', async () => {
    const save = await openBoard(people.annotator);
    await withdraw(ids.c!);
    const saved = await save([0, 1, 2]);
    expect(saved).toMatchObject({ version: 1, meanwhile: 'response_withdrawn' });
    expect(await db.select().from(placements).where(eq(placements.annotationId, saved.annotationId))).toHaveLength(3);
    const [counted] = await currentAnnotationsOn(db, [promptId]);
    expect(counted!.placements.map(({ responseId }) => responseId).sort()).toEqual([ids.a!, ids.b!].sort());
    expect(await next(people.annotator)).not.toContain('p0');
    const [line] = await exported();
    expect(line!.placements.map(({ response, withdrawn }) => [response, withdrawn])).toContainEqual(['c', true]);
    const { annotations } = readAnnotations(encode(annotationsJsonl.write(line!)));
    expect(annotations[0]!.placements.map(({ response }) => response).sort()).toEqual(['a', 'b']);
  });

  it('shows no withdrawn response, and asks again about one that is restored', async () => {
    await withdraw(ids.c!);
    const shown = await getTask(people.annotator, db, people.projectId, promptId);
    expect(shown.responses.map(({ id }) => id).sort()).toEqual([ids.a!, ids.b!].sort());
    const save = await openBoard(people.annotator);
    await save([0, 1]);
    expect(await next(people.annotator)).not.toContain('p0');
    await restore(ids.c!);
    expect(await next(people.annotator)).toContain('p0');
    await judgeP0(people.annotator, { a: 0, b: 1, c: 2 }, 1);
    expect(await next(people.annotator)).not.toContain('p0');
  });

  it('keeps a draft with a withdrawn response, and shows the rest of it', async () => {
    const placed = (id: ResponseId, tier: number) => ({ responseId: id, state: 'placed' as const, tier });
    const content = { allBad: false, timeOnTaskMs: 1, placements: [placed(ids.a!, 0), placed(ids.c!, 1)] };
    await withdraw(ids.c!);
    await saveDraft(people.annotator, db, people.projectId, promptId, { baseVersion: 0, sequence: 1, content });
    const { draft } = await getTask(people.annotator, db, people.projectId, promptId);
    expect(draft!.content.placements).toEqual([placed(ids.a!, 0)]);
    await restore(ids.c!);
    expect((await getTask(people.annotator, db, people.projectId, promptId)).draft!.content.placements).toHaveLength(2);
  });

  it('takes a corrected text, while those who judged it keep what they saw', async () => {
    await judgeP0(people.annotator, { a: 0, b: 1, c: 2 });
    const before = await snapshotLines();
    await correct(ids.c!, 'Quite possible!', false);
    const answer = await viewAnnotatorAnswer(people.researcher, db, people.projectId, {
      promptId,
      annotatorId: people.annotator.userId,
    });
    expect(answer).toMatchObject({ corrected: true, counts: true });
    expect(answer.responses.find(({ id }) => id === ids.c)!.text).toBe('Quite impossible!');
    expect(await exported()).toMatchObject([
      { in_force: true, text_version: 1, judged_texts: { responses: [{ response: 'c', text: 'Quite impossible!' }] } },
    ]);
    // It was a typo: what people said still holds, of the text as it is now.
    expect(await next(people.annotator)).not.toContain('p0');
    const after = await snapshotLines();
    const texts = ({ records }: typeof after) =>
      records[0].responses.map(({ id, text }: { id: string; text: string }) => [id, text]);
    expect(texts(after)).toContainEqual(['c', 'Quite possible!']);
    expect(texts(before)).toContainEqual(['c', 'Quite impossible!']);
    expect(after.records[0].pairs).toEqual(before.records[0].pairs);
  });

  it('is judged again by the same people after a correction that asks for it, and what was said before counts no more', async () => {
    await judgeP0(people.annotator, { a: 0, b: 1, c: 2 });
    await change({
      kind: 'correct',
      note: 'Another question.',
      text: { messages: [{ role: 'user', content: 'Something else?' }] },
      judgeAgain: true,
      textVersion: 1,
    });
    expect(await currentAnnotationsOn(db, [promptId])).toEqual([]);
    const [coverage] = await db.select().from(promptCoverage).where(eq(promptCoverage.promptId, promptId));
    expect(coverage).toMatchObject({ judged: 1, reopened: 1, progress: 0 });
    expect(await exported()).toMatchObject([{ in_force: false }]);
    expect(await next(people.annotator)).toContain('p0');
    const task = await getTask(people.annotator, db, people.projectId, promptId);
    // The tiers given before are where they begin.
    expect(task).toMatchObject({ textVersion: 2, annotation: { version: 1 } });
    const save = await openBoard(people.annotator);
    await save([0, 1, 2]);
    expect(await next(people.annotator)).not.toContain('p0');
    expect(await currentAnnotationsOn(db, [promptId])).toMatchObject([{ version: 2, textVersion: 2 }]);
    const answer = await viewAnnotatorAnswer(people.researcher, db, people.projectId, {
      promptId,
      annotatorId: people.annotator.userId,
    });
    expect(answer).toMatchObject({ corrected: false, messages: [{ content: 'Something else?' }] });
  });

  it('takes a board of the text before, and has it come back', async () => {
    const save = await openBoard(people.annotator);
    await correct(ids.a!, 'It follows from nothing.', true);
    expect(await save([0, 1, 2])).toMatchObject({ meanwhile: 'judge_again' });
    expect(await next(people.annotator)).toContain('p0');
    const again = await openBoard(people.annotator);
    await again([0, 1, 2]);
    expect(await next(people.annotator)).not.toContain('p0');
  });

  it('drops highlights where the text they mark was corrected, and keeps them with what was said then', async () => {
    const tag = DEFAULT_ISSUE_TAGS[0]!.id;
    const mark = (responseId: ResponseId) => ({ responseId, start: 0, end: 5, tag });
    await saveAnnotation(people.annotator, db, people.projectId, {
      promptId,
      idempotencyKey: randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 1,
      placements: Object.values(ids).map((id) => ({ responseId: id, state: 'placed', tier: 0 })),
      remarks: { comment: '', tags: [], marks: [mark(ids.a!), mark(ids.c!)] },
    });
    await correct(ids.c!, 'No!', false);
    const { annotation } = await getTask(people.annotator, db, people.projectId, promptId);
    expect(annotation!.remarks.marks).toEqual([mark(ids.a!)]);
    expect((await exported())[0]!.marks.map(({ text }) => text).sort()).toEqual(['It fo', 'Quite']);
  });

  it('tells beforehand what a change would touch, and afterwards who changed what', async () => {
    await judgeP0(people.annotator, { a: 0, b: 1, c: 2 });
    await snapshotLines();
    const content = { allBad: false, timeOnTaskMs: 1, placements: [] };
    await saveDraft(people.other, db, people.projectId, promptId, { baseVersion: 0, sequence: 1, content });
    const before = await getChangeablePrompt(people.researcher, db, people.projectId, promptId);
    expect(before).toMatchObject({ textVersion: 1, changes: [], reach: { judged: 1, drafts: 1, snapshots: 1 } });
    await correct(ids.c!, 'No!', true);
    const after = await withdraw(ids.b!);
    expect(after.reach.judged).toBe(0);
    expect(after.changes).toMatchObject([
      { kind: 'withdrawn', response: 'b', by: 'researcher' },
      { kind: 'corrected', response: 'c', judgeAgain: true },
    ]);
    await expect(
      db.update(promptChanges).set({ note: 'x' }).where(eq(promptChanges.promptId, promptId)),
    ).rejects.toThrow();
  });

  it('refuses what changes nothing, what would leave too little, and what was overtaken', async () => {
    await refusal(correct(ids.c!, 'Quite impossible!', false), 'invalid');
    await refusal(correct(ids.c!, ' It follows  from what was said.', false), 'invalid');
    await refusal(restore(), 'conflict');
    await withdraw(ids.c!);
    await refusal(withdraw(ids.c!), 'conflict');
    await refusal(withdraw(ids.b!), 'invalid');
    await correct(ids.a!, 'It follows.', false);
    await refusal(correct(ids.a!, 'It does follow.', false, 1), 'conflict');
    await refusal(correct(randomUUID() as ResponseId, 'x', false, 2), 'not_found');
    await refusal(change({ kind: 'withdraw', note: '' }, randomUUID() as PromptId), 'not_found');
    const { changes, textVersion } = await getChangeablePrompt(people.researcher, db, people.projectId, promptId);
    expect([changes.length, textVersion]).toEqual([2, 2]);
  });
});
