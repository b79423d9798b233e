import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { annotations, placements, users } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import type { SaveAnnotationRequest, Task } from '@/lib/schemas/annotation';
import { saveAnnotationRequestSchema } from '@/lib/schemas/annotation';
import type { Placement } from '@/trainer/contract/judgement';
import { importPrompts } from './import-prompts';
import { listMyAnnotations } from './list-my-annotations';
import { projectWithPeople, promptFile, refusal } from './people.test-support';
import { saveAnnotation } from './save-annotation';
import { getNextTasks, getTask } from './tasks';

const next = (db: Database, actor: Actor, projectId: string, exclude: string[] = [], count = 2) =>
  getNextTasks(actor, db, projectId, { exclude, count });

const request = (task: Task, more: Partial<SaveAnnotationRequest> = {}): SaveAnnotationRequest =>
  saveAnnotationRequestSchema.parse({
    promptId: task.promptId,
    idempotencyKey: randomUUID(),
    baseVersion: task.annotation?.version ?? 0,
    allBad: false,
    timeOnTaskMs: 1234,
    placements: task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: i })),
    ...more,
  });

async function imported(db: Database, prompts = 6) {
  const people = await projectWithPeople(db);
  await importPrompts(people.researcher, db, people.projectId, promptFile(prompts));
  return people;
}

describeOnEachDatabase('tasks', (database) => {
  it('come in import order, without those done or listed, with progress', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 4);
    const first = await next(db, annotator, projectId);
    expect(first.tasks.map(({ externalId }) => externalId)).toEqual(['p0', 'p1']);
    expect(first.progress).toEqual({ done: 0, total: 4 });
    await saveAnnotation(annotator, db, projectId, request(first.tasks[0]!));
    const second = await next(db, annotator, projectId, [first.tasks[1]!.promptId], 5);
    expect(second.tasks.map(({ externalId }) => externalId)).toEqual(['p2', 'p3']);
    expect(second.progress).toEqual({ done: 1, total: 4 });
  });

  it('reveal neither sources nor labels nor external ids', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 2);
    const [task] = (await next(db, annotator, projectId)).tasks;
    expect(Object.keys(task!).sort()).toEqual(
      [
        'annotation',
        'documents',
        'draft',
        'externalId',
        'flagged',
        'messages',
        'promptId',
        'responses',
        'sentBack',
        'textVersion',
        'withdrawn',
      ].sort(),
    );
    for (const response of task!.responses) expect(Object.keys(response).sort()).toEqual(['id', 'text']);
    expect(JSON.stringify(task)).not.toMatch(/"human"|"yes"|"source"|label|model-c/);
  });

  it('shuffle the responses the same way every time for one annotator, and not the same way for all', async () => {
    const db = database();
    const { projectId, annotator, other } = await imported(db, 12);
    const orders = async (actor: Actor) =>
      (await next(db, actor, projectId, [], 12)).tasks.map(({ responses }) =>
        responses.map(({ text }) => text).join('|'),
      );
    const mine = await orders(annotator);
    expect(await orders(annotator)).toEqual(mine);
    expect(new Set(mine).size).toBeGreaterThan(1);
    expect(await orders(other)).not.toEqual(mine);
  });
});

describeOnEachDatabase('annotations', (database) => {
  it('are stored with every placement and come back with the task', async () => {
    const db = database();
    const { projectId, annotator, other } = await imported(db, 1);
    const task = (await next(db, annotator, projectId)).tasks[0]!;
    const [a, b, c] = task.responses.map(({ id }) => id) as [string, string, string];
    const placed: Placement[] = [
      { responseId: a, state: 'placed', tier: 3 },
      { responseId: b, state: 'cannot_judge', tier: null },
      { responseId: c, state: 'not_judged', tier: null },
    ];
    const saved = await saveAnnotation(annotator, db, projectId, request(task, { placements: placed, allBad: true }));
    expect(saved).toEqual({ annotationId: expect.any(String), version: 1, created: true });
    const again = await getTask(annotator, db, projectId, task.promptId);
    expect(again.responses).toEqual(task.responses);
    expect(again.annotation).toMatchObject({ version: 1, allBad: true });
    expect(again.annotation!.placements).toHaveLength(3);
    expect(again.annotation!.placements).toEqual(expect.arrayContaining(placed));
    const mine = await listMyAnnotations(annotator, db, projectId);
    expect(mine.annotations).toEqual([
      {
        promptId: task.promptId,
        externalId: 'p0',
        version: 1,
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        remarks: { comment: '', tags: [], marks: 0 },
        summary: { placed: 1, cannotJudge: 1, notJudged: 1, allBad: true },
      },
    ]);
    expect(await listMyAnnotations(other, db, projectId)).toEqual({ sentBack: [], annotations: [], next: null });
    expect((await getTask(other, db, projectId, task.promptId)).annotation).toBeNull();
  });

  it('are stored once however often one submission is sent, also at the same moment', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 12);
    // Many rounds, since the requests must meet between look and insert.
    for (const task of (await getNextTasks(annotator, db, projectId, { exclude: [], count: 12 })).tasks) {
      const body = request(task);
      const twins = Array.from({ length: 5 }, () => saveAnnotation(annotator, db, projectId, body));
      const answers = await Promise.all(twins);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map(({ annotationId, version }) => `${annotationId} ${version}`)).size).toBe(1);
      expect(await saveAnnotation(annotator, db, projectId, body)).toMatchObject({ version: 1, created: false });
      const rows = await db.select().from(annotations).where(eq(annotations.promptId, task.promptId));
      expect(rows).toHaveLength(1);
      expect(await db.select().from(placements).where(eq(placements.annotationId, rows[0]!.id))).toHaveLength(3);
    }
  });

  it('are refused when a retry differs from what its key stored', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 2);
    const [task, second] = (await next(db, annotator, projectId)).tasks as [Task, Task];
    const body = request(task);
    await saveAnnotation(annotator, db, projectId, body);
    const changed = {
      ...body,
      placements: body.placements.map((p): Placement => ({ ...p, state: 'placed', tier: 0 })),
    };
    await refusal(saveAnnotation(annotator, db, projectId, changed), 'conflict');
    await refusal(saveAnnotation(annotator, db, projectId, { ...body, allBad: true }), 'conflict');
    await refusal(
      saveAnnotation(annotator, db, projectId, request(second, { idempotencyKey: body.idempotencyKey })),
      'conflict',
    );
  });

  it('append versions, and refuse one made on an older version', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 1);
    const task = (await next(db, annotator, projectId)).tasks[0]!;
    await saveAnnotation(annotator, db, projectId, request(task));
    const { details } = await refusal(saveAnnotation(annotator, db, projectId, request(task)), 'conflict');
    expect(details).toEqual({ version: 1 });
    await refusal(saveAnnotation(annotator, db, projectId, request(task, { baseVersion: 2 })), 'conflict');
    const edited = await getTask(annotator, db, projectId, task.promptId);
    expect(await saveAnnotation(annotator, db, projectId, request(edited, { allBad: true }))).toMatchObject({
      version: 2,
    });
    expect((await getTask(annotator, db, projectId, task.promptId)).annotation).toMatchObject({
      version: 2,
      allBad: true,
    });
    const mine = and(eq(annotations.promptId, task.promptId), eq(annotations.annotatorId, annotator.userId));
    expect(await db.select().from(annotations).where(mine)).toHaveLength(2);
  });

  it('saved twice on one version at the same time: one is stored, the other gets a conflict', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 1);
    const task = (await next(db, annotator, projectId)).tasks[0]!;
    const results = await Promise.allSettled(
      [1, 2, 3].map(() => saveAnnotation(annotator, db, projectId, request(task))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') await refusal(Promise.reject(result.reason), 'conflict');
  });

  it('name every response of the prompt once and tiers that exist, or nothing is stored', async () => {
    const db = database();
    const { projectId, annotator } = await imported(db, 2);
    const [task, second] = (await next(db, annotator, projectId)).tasks as [Task, Task];
    const body = request(task);
    const wrong: Placement[][] = [
      body.placements.slice(1),
      [...body.placements.slice(1), { responseId: randomUUID(), state: 'placed', tier: 0 }],
      [...body.placements.slice(1), { responseId: second.responses[0]!.id, state: 'placed', tier: 0 }],
      [...body.placements, { responseId: second.responses[0]!.id, state: 'placed', tier: 0 }],
      body.placements.map((placement): Placement => ({ ...placement, state: 'placed', tier: 4 })),
    ];
    for (const placed of wrong) {
      await refusal(saveAnnotation(annotator, db, projectId, { ...body, placements: placed }), 'invalid');
    }
    await refusal(saveAnnotation(annotator, db, projectId, { ...body, promptId: randomUUID() }), 'not_found');
    expect(await db.select().from(annotations).where(eq(annotations.projectId, projectId))).toEqual([]);
  });

  it('cannot reach a prompt of another project through one that the annotator is in', async () => {
    const db = database();
    const mine = await imported(db, 1);
    const theirs = await imported(db, 1);
    const task = (await next(db, theirs.annotator, theirs.projectId)).tasks[0]!;
    await refusal(saveAnnotation(mine.annotator, db, mine.projectId, request(task)), 'not_found');
    await refusal(getTask(mine.annotator, db, mine.projectId, task.promptId), 'not_found');
    expect(await db.select().from(users).where(eq(users.id, mine.annotator.userId))).toHaveLength(1);
  });
});
