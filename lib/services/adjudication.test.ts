/** Reviewers decide where annotators differ, and send answers back. */
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { auditEntries, promptCoverage, prompts } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { upsertMember } from '@/lib/db/members';
import { talliesOfProject } from '@/lib/db/tallies';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { annotationWriter, snapshotWriter } from '@/lib/formats/registry';
import type { SaveDecisionRequest } from '@/lib/schemas/decision';
import type { PromptId } from '@/trainer/contract/ids';
import { changePrompt } from './change-prompt';
import { createSnapshot } from './create-snapshot';
import { saveDecision, withdrawDecision } from './decide';
import { exportAnnotations } from './export-annotations';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { listMyAnnotations } from './list-my-annotations';
import { removeMember } from './members';
import {
  annotate,
  collect,
  parseAnnotationLine,
  person,
  projectWithPeople,
  promptFile,
  refusal,
  type TestProject,
} from './people.test-support';
import { updateProject, viewProject } from './projects';
import { exportSnapshot } from './read-snapshot';
import { reviewQueue } from './review-queue';
import { saveDraft } from './save-draft';
import { sendBack, takeSentBack } from './send-back';
import { getNextTasks, getTask } from './tasks';
import { viewAnswers } from './view-answers';

interface Place extends TestProject {
  db: Database;
  reviewer: Actor;
  promptId: (externalId: string) => Promise<PromptId>;
  decide: (
    externalId: string,
    tiers: Record<string, number>,
    more?: Partial<SaveDecisionRequest>,
    actor?: Actor,
  ) => ReturnType<typeof saveDecision>;
  queue: () => Promise<string[]>;
  snapshotPairs: () => Promise<string[]>;
}

/** p0: both annotators agree. p1: they differ in one pair of three. p2: in every pair. */
async function disputed(db: Database): Promise<Place> {
  const people = await projectWithPeople(db);
  const { projectId, researcher, annotator, other } = people;
  const reviewer = await person(db, 'annotator');
  await upsertMember(db, { projectId, userId: reviewer.userId, role: 'researcher' });
  await importPrompts(researcher, db, projectId, promptFile(4));
  const judge = (actor: Actor, externalId: string, tiers: Record<string, number>) =>
    annotate(db, actor, { projectId, externalId }, tiers);
  await judge(annotator, 'p0', { a: 0, b: 1, c: 2 });
  await judge(other, 'p0', { a: 0, b: 1, c: 2 });
  await judge(annotator, 'p1', { a: 0, b: 1, c: 2 });
  await judge(other, 'p1', { a: 1, b: 0, c: 2 });
  await judge(annotator, 'p2', { a: 0, b: 1, c: 2 });
  await judge(other, 'p2', { a: 2, b: 1, c: 0 });
  const promptId = async (externalId: string) => {
    const rows = await db.select().from(prompts).where(eq(prompts.projectId, projectId));
    return rows.find((row) => row.externalId === externalId)!.id;
  };
  return {
    ...people,
    db,
    reviewer,
    promptId,
    decide: async (externalId, tiers, more = {}, actor = reviewer) => {
      const id = await promptId(externalId);
      const { responses } = await viewAnswers(actor, db, projectId, id);
      return saveDecision(actor, db, projectId, {
        promptId: id,
        idempotencyKey: randomUUID(),
        baseVersion: 0,
        allBad: false,
        timeOnTaskMs: 5,
        remarks: { comment: 'B says more.', tags: [], marks: [] },
        placements: responses.map(({ id: responseId, externalId: name }) =>
          tiers[name] === undefined
            ? { responseId, state: 'cannot_judge', tier: null }
            : { responseId, state: 'placed', tier: tiers[name] },
        ),
        ...more,
      });
    },
    queue: async () => {
      const { items } = await reviewQueue(reviewer, db, projectId, { list: 'differing' });
      return items.map(({ externalId, disagreement }) => `${externalId} ${disagreement}`);
    },
    snapshotPairs: async () => {
      const name = randomUUID();
      const { snapshot } = await createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' });
      const { lines } = await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('records'));
      const records = (await collect(lines))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return records.flatMap(({ id, pairs }) =>
        pairs.map((pair: { chosen: string; rejected: string; support: string[] }) =>
          [id, `${pair.chosen}>${pair.rejected}`, pair.support[0] === 'decision' ? 'decided' : ''].join(' ').trim(),
        ),
      );
    },
  };
}

const exported = async ({ db, researcher, projectId }: Place) => {
  const { lines } = await exportAnnotations(researcher, db, projectId, annotationWriter);
  return (await collect(lines)).trim().split('\n').map(parseAnnotationLine);
};

describeOnEachDatabase('adjudication', (database) => {
  it('the queue has what annotators differ on, most first, page by key, without gold and without what is decided', async () => {
    const place = await disputed(database());
    const { db, projectId, reviewer, researcher, annotator } = place;
    expect(await place.queue()).toEqual(['p2 1000', 'p1 333']);
    const { items } = await reviewQueue(reviewer, db, projectId, { list: 'differing' });
    const second = { key: items[0]!.disagreement, promptId: items[0]!.promptId };
    const later = await reviewQueue(reviewer, db, projectId, { list: 'differing', after: second });
    expect(later.items.map(({ externalId }) => externalId)).toEqual(['p1']);
    expect(items[0]).toMatchObject({ annotators: 2, beginning: 'Ask 2?', decidedAt: null });
    await place.decide('p2', { a: 0, b: 1, c: 2 });
    expect(await place.queue()).toEqual(['p1 333']);
    const decided = await reviewQueue(reviewer, db, projectId, { list: 'decided' });
    expect(decided.items.map(({ externalId }) => externalId)).toEqual(['p2']);
    await annotate(db, researcher, { projectId, externalId: 'p1' }, { a: 0, b: 1, c: 2 });
    await setGold(researcher, db, projectId, await place.promptId('p1'), '');
    expect(await place.queue()).toEqual([]);
    await refusal(place.decide('p1', { a: 0, b: 1, c: 2 }), 'conflict');
    await refusal(reviewQueue(annotator, db, projectId, { list: 'differing' }), 'forbidden');
  });

  it('a decision settles the prompt in snapshots and exports, and counts nowhere as an annotation', async () => {
    const place = await disputed(database());
    const { db, projectId, researcher } = place;
    const counted = async () => ({
      tallies: (await talliesOfProject(db, projectId)).map(({ tally }) => tally),
      coverage: (await db.select().from(promptCoverage).where(eq(promptCoverage.projectId, projectId))).map(
        ({ decidedAt: _, ...row }) => row,
      ),
      counts: (await viewProject(researcher, db, projectId)).counts,
    });
    const before = await counted();
    expect(await place.snapshotPairs()).not.toContain('p2 b>a');
    await place.decide('p2', { b: 0, a: 1, c: 1 });
    expect(await counted()).toEqual({ ...before, counts: { ...before.counts, snapshots: 1 } });
    const settled = await place.snapshotPairs();
    expect(settled.filter((pair) => pair.startsWith('p2'))).toEqual(['p2 b>a decided', 'p2 b>c decided']);
    expect(settled.filter((pair) => pair.startsWith('p0'))).toHaveLength(3);
    const lines = (await exported(place)).filter(({ prompt }) => prompt === 'p2');
    expect(lines.map(({ role, in_force, comment }) => [role, in_force, comment])).toEqual([
      ['annotator', true, ''],
      ['annotator', true, ''],
      ['reviewer', true, 'B says more.'],
    ]);
    const { project } = await viewProject(researcher, db, projectId);
    await updateProject(researcher, db, projectId, { baseVersion: project.settingsVersion, decisionsSettle: false });
    expect((await place.snapshotPairs()).filter((pair) => pair.startsWith('p2'))).toEqual([]);
  });

  it('a board that showed texts from before such a correction does not decide; after a mere correction it does', async () => {
    const place = await disputed(database());
    const { db, projectId, researcher } = place;
    const promptId = await place.promptId('p2');
    const correct = (textVersion: number, judgeAgain: boolean) =>
      changePrompt(researcher, db, projectId, promptId, {
        kind: 'correct',
        note: '',
        text: { messages: [{ role: 'user', content: `Version ${textVersion + 1}?` }] },
        judgeAgain,
        textVersion,
      });
    await correct(1, true);
    await refusal(place.decide('p2', { a: 0, b: 1, c: 2 }, { textVersion: 1 }), 'conflict');
    await correct(2, false);
    await expect(place.decide('p2', { a: 0, b: 1, c: 2 }, { textVersion: 2 })).resolves.toMatchObject({
      created: true,
    });
  });

  it('one decision is enough where the project asks for several supporters of a pair', async () => {
    const place = await disputed(database());
    const { db, projectId, researcher } = place;
    const { project } = await viewProject(researcher, db, projectId);
    const rule = { baseVersion: project.settingsVersion, consensusQuorum: 2 };
    await updateProject(researcher, db, projectId, rule);
    await place.decide('p2', { b: 0, a: 1, c: 1 });
    expect(await place.snapshotPairs()).toContain('p2 b>a decided');
  });

  it('a withdrawn decision is history: the prompt waits again, and annotators count again', async () => {
    const place = await disputed(database());
    const { db, projectId, reviewer } = place;
    await place.decide('p2', { b: 0, a: 1, c: 1 });
    const promptId = await place.promptId('p2');
    const request = { promptId, idempotencyKey: randomUUID(), baseVersion: 1, reason: 'Too early.' };
    expect(await withdrawDecision(reviewer, db, projectId, request)).toEqual({ version: 2, created: true });
    expect(await withdrawDecision(reviewer, db, projectId, request)).toEqual({ version: 2, created: false });
    expect(await place.queue()).toEqual(['p2 1000', 'p1 333']);
    expect((await place.snapshotPairs()).filter((pair) => pair.startsWith('p2'))).toEqual([]);
    const { decisions } = await viewAnswers(reviewer, db, projectId, promptId);
    expect(decisions.map(({ kind, remarks }) => [kind, remarks.comment])).toEqual([
      ['withdrawn', 'Too early.'],
      ['decided', 'B says more.'],
    ]);
    expect((await exported(place)).filter(({ role, in_force }) => role === 'reviewer' && in_force)).toEqual([]);
    const again = { ...request, idempotencyKey: randomUUID(), baseVersion: 2 };
    await refusal(withdrawDecision(reviewer, db, projectId, again), 'conflict');
  });

  it('a correction after which the prompt is judged again ends its decision, and says which answers no longer count', async () => {
    const place = await disputed(database());
    const { db, projectId, researcher, reviewer } = place;
    await place.decide('p2', { b: 0, a: 1, c: 1 });
    const promptId = await place.promptId('p2');
    const messages = [{ role: 'user' as const, content: 'Ask again?' }];
    const correction = { kind: 'correct' as const, note: 'A word was missing.', text: { messages }, textVersion: 1 };
    await changePrompt(researcher, db, projectId, promptId, { ...correction, judgeAgain: true });
    const { decisions, answers } = await viewAnswers(reviewer, db, projectId, promptId);
    expect(decisions.map(({ kind, remarks }) => [kind, remarks.comment])).toEqual([
      ['withdrawn', 'A word was missing.'],
      ['decided', 'B says more.'],
    ]);
    expect(answers.map(({ counts }) => counts)).toEqual(['earlierText', 'earlierText']);
    expect((await place.snapshotPairs()).filter((pair) => pair.startsWith('p2'))).toEqual([]);
  });

  it('of two reviewers at once, the second is told, and what counts is what was decided last', async () => {
    const place = await disputed(database());
    const { db, projectId, researcher, reviewer } = place;
    const attempts = await Promise.allSettled([
      place.decide('p2', { a: 0, b: 1, c: 2 }),
      place.decide('p2', { c: 0, b: 1, a: 2 }, {}, researcher),
    ]);
    expect(attempts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const late = attempts.find((attempt) => attempt.status === 'rejected')!;
    expect(late.reason).toMatchObject({ code: 'conflict', translatable: { key: 'refusals.decidedMeanwhile' } });
    const key = randomUUID();
    const second = await place.decide('p2', { c: 0, b: 1, a: 2 }, { baseVersion: 1, idempotencyKey: key }, researcher);
    expect(second).toEqual({ version: 2, created: true });
    // A retry of what was stored stores nothing; another judgement under its key is refused.
    expect(await place.decide('p2', { c: 0, b: 1, a: 2 }, { idempotencyKey: key }, researcher)).toEqual({
      version: 2,
      created: false,
    });
    await refusal(place.decide('p2', { a: 0 }, { idempotencyKey: key }, researcher), 'conflict');
    const { decisions } = await viewAnswers(reviewer, db, projectId, await place.promptId('p2'));
    expect(decisions.map(({ version }) => version)).toEqual([2, 1]);
    expect((await place.snapshotPairs()).filter((pair) => pair.startsWith('p2'))).toContain('p2 c>b decided');
  });

  it('nobody decides beside an unsaved annotation without saying so; whoever judged the prompt too is shown', async () => {
    const place = await disputed(database());
    const { db, projectId, reviewer } = place;
    const promptId = await place.promptId('p2');
    const content = { allBad: false, timeOnTaskMs: 1, placements: [] };
    await saveDraft(reviewer, db, projectId, promptId, { baseVersion: 0, sequence: 1, content });
    expect((await viewAnswers(reviewer, db, projectId, promptId)).ownDraft).toBe(true);
    const { message } = await refusal(place.decide('p2', { a: 0 }), 'conflict');
    expect(message).toContain('You have begun an annotation');
    await place.decide('p2', { a: 0 }, { besideOwnDraft: true });
    await annotate(db, reviewer, { projectId, externalId: 'p1' }, { a: 0, b: 1, c: 2 });
    await place.decide('p1', { a: 0, b: 1, c: 2 });
    const judgedToo = async (id: string) =>
      (await viewAnswers(reviewer, db, projectId, await place.promptId(id))).decisions[0]!.judgedToo;
    expect([await judgedToo('p2'), await judgedToo('p1')]).toEqual([false, true]);
    await refusal(place.decide('p3', { a: 0 }), 'conflict');
  });

  it('names and sources are told once the prompt is decided, in an order of the prompt’s own', async () => {
    const place = await disputed(database());
    const { db, projectId, reviewer, annotator, other } = place;
    const promptId = await place.promptId('p2');
    const hidden = await viewAnswers(reviewer, db, projectId, promptId);
    const text = JSON.stringify(hidden);
    for (const { userId } of [annotator, other]) expect(text).not.toContain(userId);
    expect(text).not.toContain('model-c');
    await place.decide('p2', { a: 0, b: 1, c: 2 });
    const shown = await viewAnswers(reviewer, db, projectId, promptId);
    expect(shown.answers.map((answer) => answer.annotator?.id).sort()).toEqual([annotator.userId, other.userId].sort());
    expect(shown.answers.map(({ versions }) => versions[0]!.id)).toEqual(
      hidden.answers.map(({ versions }) => versions[0]!.id),
    );
    expect(JSON.stringify(shown)).toContain('model-c');
  });

  it('an answer that is sent back comes first, with its note, until a new version answers it', async () => {
    const place = await disputed(database());
    const { db, projectId, reviewer, annotator, other } = place;
    const promptId = await place.promptId('p2');
    const next = async (actor: Actor) => {
      const { tasks } = await getNextTasks(actor, db, projectId, { exclude: [], count: 2 });
      return tasks.map(({ externalId, sentBack }) => `${externalId} ${sentBack?.note ?? ''}`.trim());
    };
    const answerOf = async ({ userId }: Actor) => {
      await place.decide('p2', { a: 0 });
      const { answers } = await viewAnswers(reviewer, db, projectId, promptId);
      return answers.find((answer) => answer.annotator?.id === userId)!;
    };
    const { id: annotationId } = (await answerOf(annotator)).versions[0]!;
    expect(await next(annotator)).toEqual(['p3']);
    await sendBack(reviewer, db, projectId, { annotationId, note: 'Did you read c?' });
    // The same again is the same; another note has to wait.
    await sendBack(reviewer, db, projectId, { annotationId, note: 'Did you read c?' });
    await refusal(sendBack(reviewer, db, projectId, { annotationId, note: 'And b?' }), 'conflict');
    expect(await next(annotator)).toEqual(['p2 Did you read c?', 'p3']);
    expect(await next(other)).toEqual(['p3']);
    const task = await getTask(annotator, db, projectId, promptId);
    expect(task).toMatchObject({ annotation: { version: 1 }, sentBack: { note: 'Did you read c?' } });
    expect((await getTask(other, db, projectId, promptId)).sentBack).toBeNull();
    const waiting = async (actor: Actor) => {
      const { sentBack } = await listMyAnnotations(actor, db, projectId);
      expect((await viewProject(actor, db, projectId)).sentBack).toBe(sentBack.length);
      return sentBack.map(({ externalId, note }) => `${externalId} ${note}`);
    };
    expect([await waiting(annotator), await waiting(other)]).toEqual([['p2 Did you read c?'], []]);
    await annotate(db, annotator, { projectId, externalId: 'p2' }, { a: 2, b: 1, c: 0 }, { baseVersion: 1 });
    expect(await next(annotator)).toEqual(['p3']);
    expect(await waiting(annotator)).toEqual([]);
    const { answers } = await viewAnswers(reviewer, db, projectId, promptId);
    const answered = answers.find((answer) => answer.annotator?.id === annotator.userId)!;
    expect(answered.versions.map(({ version }) => version)).toEqual([2, 1]);
    expect(answered.sentBack.map(({ state }) => state)).toEqual(['answered']);
    await refusal(takeSentBack(reviewer, db, projectId, answered.sentBack[0]!.id), 'conflict');
    // About the old version there is nothing to ask any more.
    await refusal(sendBack(reviewer, db, projectId, { annotationId, note: 'And b?' }), 'conflict');
    await refusal(sendBack(annotator, db, projectId, { annotationId, note: 'x' }), 'forbidden');
  });

  it('what was sent back can be taken back; an annotator who is gone gets nothing', async () => {
    const place = await disputed(database());
    const { db, projectId, reviewer, researcher, annotator, other } = place;
    const promptId = await place.promptId('p2');
    await place.decide('p2', { a: 0 });
    const view = () => viewAnswers(reviewer, db, projectId, promptId);
    const of = async ({ userId }: Actor) => (await view()).answers.find((answer) => answer.annotator?.id === userId)!;
    const { id: annotationId } = (await of(annotator)).versions[0]!;
    await sendBack(reviewer, db, projectId, { annotationId, note: 'Why?' });
    const [open] = (await of(annotator)).sentBack;
    await takeSentBack(reviewer, db, projectId, open!.id);
    await takeSentBack(reviewer, db, projectId, open!.id);
    expect((await of(annotator)).sentBack.map(({ state }) => state)).toEqual(['withdrawn']);
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 9 });
    expect(tasks.map(({ externalId }) => externalId)).toEqual(['p3']);
    const told = await db.select().from(auditEntries).where(eq(auditEntries.subjectId, annotator.userId));
    expect(told.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['answer_sent_back', 'sent_back_withdrawn']));
    expect(told).toHaveLength(2);
    await removeMember(researcher, db, projectId, other.userId);
    const gone = (await of(other)).versions[0]!.id;
    await refusal(sendBack(reviewer, db, projectId, { annotationId: gone, note: 'Why?' }), 'conflict');
    await refusal(sendBack(reviewer, db, projectId, { annotationId: randomUUID(), note: 'Why?' }), 'not_found');
  });
});
