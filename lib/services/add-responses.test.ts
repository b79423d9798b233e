import { randomUUID } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { prompts, responses } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { publish } from '@/lib/db/published';
import { stageResponses } from '@/lib/db/staging';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import type { Task } from '@/lib/schemas/annotation';
import { addResponsesRequestSchema, promptsToSampleCursor } from '@/lib/schemas/new-responses';
import { messageOfIssue } from '@/trainer/contract/issues';
import { addResponses } from './add-responses';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { annotate, collect, english, projectWithPeople, promptFile, refusal } from './people.test-support';
import { runProjectJob } from './project-job';
import { listProjects } from './projects';
import { promptsToSample } from './prompts-to-sample';
import { exportSnapshot } from './read-snapshot';
import { saveAnnotation } from './save-annotation';
import { getNextTasks, getTask } from './tasks';

describeOnEachDatabase('adding sampled responses', (database) => {
  async function started(count = 2) {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher } = people;
    await importPrompts(researcher, db, projectId, promptFile(count));
    const rows = await db.select().from(prompts).where(eq(prompts.projectId, projectId)).orderBy(asc(prompts.position));
    const ids = rows.map(({ id }) => id);
    const add = (texts: string[], { to = ids, actor = researcher }: { to?: string[]; actor?: Actor } = {}) =>
      addResponses(actor, db, projectId, {
        source: 'my-model',
        prompts: to.map((promptId) => ({ promptId, responses: texts.map((text) => ({ text, label: 'yes' })) })),
      });
    return { ...people, db, ids, add };
  }
  const stored = (db: Database, promptId: string) =>
    db.select().from(responses).where(eq(responses.promptId, promptId)).orderBy(asc(responses.position));

  it('appends them to the existing responses, with new ids and the model as source', async () => {
    const { db, ids, add } = await started();
    expect(await add(['New one', 'New two'])).toEqual({ responses: 4, prompts: 2, duplicates: 0, beyond: 0 });
    const rows = await stored(db, ids[1]!);
    expect(rows.map(({ externalId, source, label, addedAt }) => [externalId, source, label, addedAt !== null])).toEqual(
      [
        ['b', 'model-b', 'yes', false],
        ['a', 'human', 'yes', false],
        ['c', 'model-c', 'no', false],
        ['sample-1', 'my-model', 'yes', true],
        ['sample-2', 'my-model', 'yes', true],
      ],
    );
    await add(['New three']);
    expect((await stored(db, ids[1]!)).map(({ externalId }) => externalId)).toContain('sample-3');
  });

  it('adds nothing twice: neither what is there, nor what is sent again', async () => {
    const { db, ids, add } = await started();
    const texts = ['Quite  impossible! ', 'New', 'New'];
    expect(await add(texts)).toEqual({ responses: 2, prompts: 2, duplicates: 4, beyond: 0 });
    expect(await add(texts)).toEqual({ responses: 0, prompts: 0, duplicates: 6, beyond: 0 });
    expect(await stored(db, ids[0]!)).toHaveLength(4);
  });

  it('keeps a prompt at twelve responses', async () => {
    const { db, ids, add } = await started();
    const texts = Array.from({ length: 10 }, (_, i) => `New ${i}`);
    expect(await add(texts)).toEqual({ responses: 18, prompts: 2, duplicates: 0, beyond: 2 });
    for (const id of ids) expect(await stored(db, id)).toHaveLength(12);
  });

  // Control: without project-job.ts's wait, PostgreSQL lets the second one in, and the prompt has 15.
  it('waits for another addition to the same project', async () => {
    const { db, projectId, researcher, ids, add } = await started();
    const [promptId] = ids as [string];
    const rows = Array.from({ length: 9 }, (_, i) => ({ externalId: `x${i}`, text: `First ${i}`, position: 3 + i }));
    let second: ReturnType<typeof add> | undefined;
    await runProjectJob(researcher, db, projectId, undefined, async (job) => {
      second = add(['One', 'Two', 'Three'], { to: [promptId] });
      // Its chance to overtake.
      await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 500))]);
      await job.step(1, (tx) =>
        stageResponses(
          tx,
          1,
          rows.map((row) => ({ ...row, promptId, source: 'first', label: null })),
        ),
      );
      await job.publish((tx) => publish(tx, projectId, { prompts: 0, responses: rows.length, additions: 1 }));
    });
    expect(await second).toEqual({ responses: 0, prompts: 0, duplicates: 0, beyond: 3 });
    expect(await stored(db, promptId)).toHaveLength(12);
  });

  it('changes no snapshot; in the next one the new responses stand in no pair of an annotated prompt', async () => {
    const { db, projectId, researcher, annotator, add } = await started();
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    const snap = async (name: string) =>
      (await createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' })).snapshot;
    const before = await snap('before');
    const recordsOf = async ({ id }: { id: string }) =>
      collect((await exportSnapshot(researcher, db, id, snapshotWriter('records'))).lines);
    const bytes = await recordsOf(before);
    await add(['New']);
    expect(await recordsOf(before)).toBe(bytes);
    const after = await snap('after');
    expect(after.id).not.toBe(before.id);
    const record = JSON.parse(await recordsOf(after));
    expect(record.pairs).toEqual(JSON.parse(bytes).pairs);
    expect(record.responses.at(-1)).toEqual({ id: 'sample-1', text: 'New', source: 'my-model', label: 'yes' });
  });

  it('leaves the import what it was: the same file again is unchanged', async () => {
    const { db, projectId, researcher, add } = await started();
    await add(['New']);
    expect(await importPrompts(researcher, db, projectId, promptFile(2))).toEqual({
      imported: 0,
      unchanged: 2,
      extended: 0,
    });
  });

  it('brings a prompt back to whoever had judged it, with the tiers given, until all of it was seen', async () => {
    const { db, projectId, annotator, other, ids, add } = await started();
    const next = (actor: Actor) => getNextTasks(actor, db, projectId, { exclude: [], count: 9 });
    const names = ({ tasks }: { tasks: Task[] }) => tasks.map(({ externalId }) => externalId);
    const ownCount = async () =>
      (await listProjects(annotator, db)).projects.find(({ id }) => id === projectId)?.counts;
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0 });
    expect(await next(annotator)).toMatchObject({ tasks: [], progress: { done: 2, total: 2 } });
    const counted = await ownCount();

    await add(['New'], { to: [ids[0]!] });
    const page = await next(annotator);
    expect(names(page)).toEqual(['p0']);
    expect(page.progress).toEqual({ done: 1, total: 2 });
    expect(await ownCount()).not.toEqual(counted);
    const [task] = page.tasks as [Task];
    expect(task.responses).toHaveLength(4);
    expect(task.annotation).toMatchObject({ version: 1 });
    expect(task.annotation!.placements).toHaveLength(3);
    expect(names(await next(other))).toEqual(['p0', 'p1']);

    // Looked at, and left as not judged: that is an answer too.
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 }, { baseVersion: 1 });
    expect(await next(annotator)).toMatchObject({ tasks: [], progress: { done: 2, total: 2 } });
    expect(await ownCount()).toEqual(counted);
  });

  it('takes the work of a board that was open meanwhile, and asks again', async () => {
    const { db, projectId, annotator, ids, add } = await started();
    const open = await getTask(annotator, db, projectId, ids[0]!);
    await add(['New'], { to: [ids[0]!] });
    const save = (task: Task, baseVersion: number) =>
      saveAnnotation(annotator, db, projectId, {
        promptId: task.promptId,
        idempotencyKey: randomUUID(),
        baseVersion,
        allBad: false,
        timeOnTaskMs: 1,
        placements: task.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 1 })),
      });
    expect(await save(open, 0)).toMatchObject({ version: 1, created: true });
    const page = await getNextTasks(annotator, db, projectId, { exclude: [], count: 9 });
    expect(page.tasks.map(({ externalId }) => externalId)).toEqual(['p0', 'p1']);
    expect(page.progress.done).toBe(0);
    // Control of the exception: a response that came with its prompt may not be missing, added ones or not.
    await refusal(save({ ...open, responses: open.responses.slice(1) }, 1), 'invalid');
    expect(await save(page.tasks[0]!, 1)).toMatchObject({ version: 2 });
  });

  it('is for researchers of the project and its prompts alone, and writes all or nothing', async () => {
    const { db, annotator, outsiders, ids, add } = await started();
    const foreign = (await started(1)).ids[0]!;
    await refusal(add(['New'], { actor: annotator }), 'forbidden');
    await refusal(add(['New'], { actor: outsiders[0]! }), 'not_found');
    await refusal(add(['New'], { to: [...ids, foreign] }), 'not_found');
    for (const id of [...ids, foreign]) expect(await stored(db, id)).toHaveLength(3);
  });

  it('tells researchers what to ask, page by page, and nobody else', async () => {
    const { db, projectId, researcher, annotator } = await started(203);
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0 });
    const first = await promptsToSample(researcher, db, projectId);
    expect(first.prompts).toHaveLength(200);
    expect(first.prompts[1]).toMatchObject({ externalId: 'p1', annotated: true, documents: [] });
    expect(first.prompts[0]!.responses[0]).toEqual({ id: 'b', text: 'It follows, as model b says.' });
    const second = await promptsToSample(researcher, db, projectId, promptsToSampleCursor.after.parse(first.next));
    expect(second.prompts.map(({ externalId, annotated }) => [externalId, annotated])).toEqual([
      ['p200', false],
      ['p201', false],
      ['p202', false],
    ]);
    expect(second.next).toBeNull();
    await refusal(promptsToSample(annotator, db, projectId), 'forbidden');
  });
});

describe('the request', () => {
  const promptId = randomUUID();
  const request = (more: object = {}) => ({
    source: 'my-model',
    prompts: [{ promptId, responses: [{ text: 'New' }] }],
    ...more,
  });
  const reason = (value: unknown) => {
    const [found] = addResponsesRequestSchema.safeParse(value).error?.issues ?? [];
    return found && english(messageOfIssue(found));
  };

  it.each([
    [request(), undefined],
    [request({ source: 'human' }), 'must be a model’s name'],
    [request({ prompts: [{ promptId, responses: [{ text: ' ' }] }] }), 'must not be empty'],
    [request({ prompts: [...request().prompts, ...request().prompts] }), 'must list each prompt once'],
  ])('%#: %j', (value, message) => expect(reason(value)).toBe(message));
});
