import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { assignments, projects, promptCoverage, prompts, users } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { judgementModelOf } from '@/lib/db/judgement-models';
import { upsertMember } from '@/lib/db/members';
import { openPrompts } from '@/lib/db/open-prompts';
import { describeOnEachDatabase, emptyPGlite, emptyPostgres, migrationsBefore } from '@/lib/db/testing';
import { annotationWriter } from '@/lib/formats/registry';
import type { UpdateProjectRequest } from '@/lib/schemas/account';
import type { ExternalPromptId } from '@/trainer/contract/ids';
import { assignPrompts, listAssignments, takeBackPlace } from './assign-prompts';
import { countDrifted } from './assignment-race.test-support';
import { certaintyWork, refreshCertainty } from './certainty';
import { exportAnnotations } from './export-annotations';
import { getWork } from './get-work';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { listPrompts } from './list-prompts';
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
import { changeMark } from './prompt-marks';
import { saveDraft } from './save-draft';
import { HELD_AT_ONCE } from './take-prompts';
import { getNextTasks } from './tasks';

describeOnEachDatabase('giving out prompts', (database) => {
  let db: Database;
  let project: TestProject;
  let third: Actor;
  beforeEach(async () => {
    db = database();
    project = await projectWithPeople(db);
    third = await person(db, 'annotator');
    await upsertMember(db, { projectId: project.projectId, userId: third.userId, role: 'annotator' });
  });

  const configure = async (changes: Omit<UpdateProjectRequest, 'baseVersion'>) => {
    const { projectId, researcher } = project;
    const { settingsVersion } = (await viewProject(researcher, db, projectId)).project;
    return updateProject(researcher, db, projectId, { baseVersion: settingsVersion, ...changes });
  };
  const withPrompts = (count: number) => importPrompts(project.researcher, db, project.projectId, promptFile(count));
  const ask = async (actor: Actor, { count = 10, exclude = [] as string[] } = {}) => {
    const page = await getNextTasks(actor, db, project.projectId, { exclude, count });
    return {
      ids: page.tasks.map(({ promptId }) => promptId),
      names: page.tasks.map(({ externalId }) => externalId),
      ...page,
    };
  };
  const names = async (actor: Actor, count = 10) => (await ask(actor, { count })).names;
  const judge = (actor: Actor, externalId: string, tiers: Record<string, number> = { a: 0, b: 1, c: 2 }) =>
    annotate(db, actor, { projectId: project.projectId, externalId }, tiers);
  const idOf = async (externalId: string) => {
    const [row] = await db
      .select({ id: prompts.id })
      .from(prompts)
      .where(and(eq(prompts.projectId, project.projectId), eq(prompts.externalId, externalId)));
    return row!.id;
  };
  const mark = async (actor: Actor, externalId: string, on: boolean) =>
    changeMark(actor, db, project.projectId, {
      promptId: await idOf(externalId),
      idempotencyKey: randomUUID(),
      kind: 'skipped',
      mark: on ? { kind: 'skipped', reason: 'language', note: '' } : null,
    });
  const endLeases = () =>
    db.execute(sql`update assignments set leased_until = now() - interval '1 second' where leased_until is not null`);
  const placeOf = async (actor: Actor, externalId: string) => {
    const [row] = await db
      .select()
      .from(assignments)
      .where(and(eq(assignments.promptId, await idOf(externalId)), eq(assignments.annotatorId, actor.userId)));
    return row ?? null;
  };

  describe('with two annotators a prompt', () => {
    beforeEach(async () => {
      await withPrompts(3);
      await configure({ overlap: 2 });
    });

    it('gives a prompt to two people and to nobody else', async () => {
      const { annotator, other } = project;
      expect(await names(annotator, 2)).toEqual(['p0', 'p1']);
      expect(await names(other, 2)).toEqual(['p0', 'p1']);
      expect(await names(third)).toEqual(['p2']);
      await judge(annotator, 'p0');
      await judge(other, 'p0');
      expect(await names(third)).toEqual(['p2']);
    });

    it('gives the same places again to whoever opens the page anew', async () => {
      const first = await ask(project.annotator, { count: 2 });
      expect((await ask(project.annotator, { count: 2 })).ids).toEqual(first.ids);
      expect((await ask(project.annotator, { count: 2, exclude: first.ids })).names).toEqual(['p2']);
    });

    it('gives a place back when its lease has ended', async () => {
      await names(project.annotator);
      await names(project.other);
      expect(await names(third)).toEqual([]);
      await endLeases();
      await names(project.other);
      expect(await names(third)).toEqual(['p0', 'p1', 'p2']);
      expect(await names(project.annotator)).toEqual([]);
    });

    it('keeps the places of a page that asks again and of a draft', async () => {
      const { ids } = await ask(project.annotator);
      const soon = () => db.execute(sql`update assignments set leased_until = now() + interval '1 second'`);
      await soon();
      await ask(project.annotator, { exclude: ids.slice(0, 1) });
      const content = { allBad: false, timeOnTaskMs: 0, placements: [] };
      await saveDraft(project.annotator, db, project.projectId, ids[1]!, { baseVersion: 0, sequence: 1, content });
      const until = async (name: string) => (await placeOf(project.annotator, name))!.leasedUntil!.getTime();
      expect(await until('p0')).toBeGreaterThan(Date.now() + 3_000_000);
      expect(await until('p1')).toBeGreaterThan(Date.now() + 3_000_000);
      expect(await until('p2')).toBeLessThan(Date.now() + 60_000);
    });

    it('saves a board that outlived its lease, as extra when others have the places by then', async () => {
      const { annotator, other } = project;
      await names(annotator);
      await endLeases();
      // Nobody took the place: it is still this annotator's.
      await judge(annotator, 'p0');
      expect(await placeOf(annotator, 'p0')).toMatchObject({ state: 'done', extra: false });
      await names(other);
      await names(third);
      await judge(annotator, 'p1');
      expect(await placeOf(annotator, 'p1')).toMatchObject({ state: 'done', extra: true });
      await judge(other, 'p1');
      await judge(third, 'p1');
      expect(await placeOf(third, 'p1')).toMatchObject({ extra: false });
      const exported = await exportAnnotations(project.researcher, db, project.projectId, annotationWriter);
      const lines = (await collect(exported.lines)).trim().split('\n').map(parseAnnotationLine);
      expect(lines.filter(({ extra }) => extra).map(({ prompt, annotator: by }) => [prompt, by.id])).toEqual([
        ['p1', annotator.userId],
      ]);
    });

    it('counts a board that was saved as extra once somebody gives a place back', async () => {
      const { annotator, other } = project;
      await names(annotator);
      await endLeases();
      await names(other);
      await names(third);
      await judge(annotator, 'p0');
      expect(await placeOf(annotator, 'p0')).toMatchObject({ extra: true });
      await mark(other, 'p0', true);
      expect(await placeOf(other, 'p0')).toBeNull();
      expect(await placeOf(annotator, 'p0')).toMatchObject({ extra: false });
      await judge(third, 'p0');
      expect(await placeOf(third, 'p0')).toMatchObject({ state: 'done', extra: false });
    });

    it('gives a skipped prompt to somebody else, and back to whoever returns to it while it is free', async () => {
      const { annotator, other } = project;
      await names(annotator);
      await names(other);
      await mark(annotator, 'p0', true);
      expect(await names(third)).toEqual(['p0']);
      await mark(annotator, 'p0', false);
      expect(await names(annotator)).toEqual(['p1', 'p2']);
      await mark(third, 'p0', true);
      expect(await names(annotator)).toEqual(['p1', 'p2', 'p0']);
      await mark(annotator, 'p1', true);
      await mark(annotator, 'p1', false);
      expect(await placeOf(annotator, 'p1')).toMatchObject({ state: 'held' });
    });

    it('gives the places of a member who is removed to others', async () => {
      await names(project.annotator);
      await names(project.other);
      await judge(project.annotator, 'p0');
      await removeMember(project.researcher, db, project.projectId, project.annotator.userId);
      expect(await names(third)).toEqual(['p1', 'p2']);
    });

    it('counts no gold prompt, and gives it to everybody', async () => {
      const { researcher, annotator, other } = project;
      await judge(researcher, 'p1');
      await setGold(researcher, db, project.projectId, await idOf('p1'), '');
      for (const actor of [annotator, other, third]) expect(await names(actor)).toContain('p1');
      expect(await names(third)).toEqual(['p1']);
    });

    it('says how many prompts there are for this annotator', async () => {
      const { annotator, other } = project;
      expect((await ask(annotator)).progress).toEqual({ done: 0, total: 3 });
      await judge(annotator, 'p0');
      expect((await ask(annotator)).progress).toEqual({ done: 1, total: 3 });
      await ask(other);
      expect((await ask(third)).progress).toEqual({ done: 0, total: 0 });
      await judge(other, 'p0');
      expect((await ask(other)).progress).toEqual({ done: 1, total: 3 });
    });

    it('lets somebody go on with a prompt to which responses were added', async () => {
      const { annotator } = project;
      await judge(annotator, 'p0');
      await db.execute(sql`update annotation_heads set finished = false where prompt_id = ${await idOf('p0')}`);
      expect(await names(annotator)).toEqual(['p0', 'p1', 'p2']);
    });
  });

  describe('by name', () => {
    const give = (annotatorId: string, names: string[], insteadOf?: string) =>
      assignPrompts(project.researcher, db, project.projectId, {
        annotatorId,
        prompts: names as ExternalPromptId[],
        ...(insteadOf && { insteadOf }),
      });
    const refused = (reason: string, ...names: string[]) => names.map((prompt) => ({ prompt, reason }));
    beforeEach(() => withPrompts(4));

    it('comes first, and does not expire', async () => {
      expect(await give(third.userId, ['p2'])).toEqual({ assigned: 1, inOtherLanguages: [], refused: [] });
      expect(await names(third)).toEqual(['p2', 'p0', 'p1', 'p3']);
      await configure({ overlap: 1 });
      await give(third.userId, ['p3']);
      await endLeases();
      expect(await names(project.annotator)).toEqual(['p0', 'p1']);
      expect((await names(third)).sort()).toEqual(['p2', 'p3']);
      await judge(third, 'p2');
      expect(await placeOf(third, 'p2')).toMatchObject({ state: 'done', reason: 'named', extra: false });
    });

    it('is refused to somebody whose account is deactivated, who would hold the place for good', async () => {
      await db.update(users).set({ deactivatedAt: new Date() }).where(eq(users.id, third.userId));
      const { message } = await refusal(give(third.userId, ['p2']), 'conflict');
      expect(message).toContain('account is deactivated');
      await db.update(users).set({ deactivatedAt: null }).where(eq(users.id, third.userId));
      expect(await give(third.userId, ['p2'])).toMatchObject({ assigned: 1 });
    });

    it('is refused where it makes no sense, and never makes one too many', async () => {
      await configure({ overlap: 1 });
      await judge(third, 'p0');
      await judge(project.other, 'p1');
      await mark(third, 'p2', true);
      expect(await give(third.userId, ['p0', 'p1', 'p2', 'p3', 'p9'])).toEqual({
        assigned: 1,
        inOtherLanguages: [],
        refused: expect.arrayContaining([
          ...refused('judged', 'p0'),
          ...refused('full', 'p1'),
          ...refused('skipped', 'p2'),
          ...refused('unknown', 'p9'),
        ]),
      });
      await refusal(give(project.outsiders[1]!.userId, ['p3']), 'not_found');
    });

    it('passes from one to another, and back to everybody', async () => {
      await configure({ overlap: 1 });
      const { annotator, researcher, projectId } = project;
      expect(await names(annotator)).toHaveLength(4);
      expect(await give(third.userId, ['p0'])).toEqual({
        assigned: 0,
        inOtherLanguages: [],
        refused: refused('full', 'p0'),
      });
      expect(await give(third.userId, ['p0', 'p1'], annotator.userId)).toEqual({
        assigned: 2,
        inOtherLanguages: [],
        refused: [],
      });
      expect(await names(annotator)).toEqual(['p2', 'p3']);
      const { places, extra } = await listAssignments(researcher, db, projectId);
      expect(places.filter(({ reason }) => reason === 'named').map(({ externalId }) => externalId)).toEqual([
        'p0',
        'p1',
      ]);
      expect(extra).toBe(0);
      await takeBackPlace(researcher, db, projectId, { promptId: await idOf('p0'), annotatorId: third.userId });
      expect(await names(annotator)).toEqual(['p2', 'p3', 'p0']);
      await refusal(
        takeBackPlace(researcher, db, projectId, { promptId: await idOf('p0'), annotatorId: third.userId }),
        'not_found',
      );
    });
  });

  it('takes up what was judged before there were places, and forgets none when they are taken away again', async () => {
    await withPrompts(4);
    const { annotator, other } = project;
    await judge(annotator, 'p0');
    await judge(other, 'p0');
    await judge(annotator, 'p1');
    await mark(annotator, 'p3', true);
    await configure({ overlap: 2 });
    expect(await names(third)).toEqual(['p1', 'p2', 'p3']);
    expect(await names(annotator)).toEqual(['p2']);
    await configure({ overlap: null });
    expect(await names(annotator)).toEqual(['p2']);
    expect(await names(third)).toEqual(['p1', 'p2', 'p3', 'p0']);
    await judge(third, 'p2');
    await configure({ overlap: 1 });
    await configure({ overlap: null });
    expect(await names(annotator)).toEqual(['p2']);
  });

  it('wants another number for a random share, the same one however often it is asked', async () => {
    await withPrompts(60);
    const sampled = async () =>
      (await db.select().from(promptCoverage).where(eq(promptCoverage.projectId, project.projectId)))
        .filter(({ wanted }) => wanted === 3)
        .map(({ promptId }) => promptId)
        .sort();
    await configure({ overlap: 1, overlapSample: 3, overlapSamplePercent: 50 });
    const first = await sampled();
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThan(50);
    await configure({ overlap: 1, overlapSamplePercent: 0 });
    expect(await sampled()).toEqual([]);
    await configure({ overlapSamplePercent: 50 });
    expect(await sampled()).toEqual(first);
    await configure({ overlapSamplePercent: 100 });
    expect(await sampled()).toHaveLength(60);
  });

  describe('with overlap that adapts', () => {
    const coverageOf = async (externalId: string) => {
      const [row] = await db
        .select()
        .from(promptCoverage)
        .where(eq(promptCoverage.promptId, await idOf(externalId)));
      return row!;
    };
    let people: Actor[];
    beforeEach(async () => {
      await withPrompts(2);
      people = [project.annotator, project.other, third];
      for (let i = 0; i < 3; i++) {
        const more = await person(db, 'annotator');
        await upsertMember(db, { projectId: project.projectId, userId: more.userId, role: 'annotator' });
        people.push(more);
      }
      await configure({ overlap: 5, overlapMinimum: 2, closingCertainty: 80, assignmentOrder: 'least_certain' });
      // Certainties are computed anew after that, in the background: not in the middle of a test.
      await certaintyWork(project.projectId);
    });

    it('closes a prompt on which people agree, and asks on about one on which they do not', async () => {
      const [first, second, ...others] = people as [Actor, Actor, ...Actor[]];
      for (const actor of [first, second]) await judge(actor, 'p0', { a: 0, b: 0, c: 0 });
      // Of each pair one of them says a tie, and the other does not.
      await judge(first, 'p1', { a: 0, b: 0, c: 1 });
      await judge(second, 'p1', { a: 0, b: 1, c: 1 });
      const [agreed, differing] = [await coverageOf('p0'), await coverageOf('p1')];
      expect(agreed.certainty!).toBeGreaterThan(differing.certainty!);
      await configure({ closingCertainty: Math.max(50, Math.floor(agreed.certainty! / 10)) });
      expect(await coverageOf('p0')).toMatchObject({ judged: 2, wanted: 2, isOpen: false, progress: 2 });
      const listed = await listPrompts(project.researcher, db, project.projectId, { sort: 'import' });
      expect(listed.prompts.map(({ certainty }) => certainty)).toEqual([
        { share: agreed.certainty! / 1000, most: 5, isClosed: true },
        { share: differing.certainty! / 1000, most: 5, isClosed: false },
      ]);
      const { certainties } = await getWork(project.researcher, db, project.projectId);
      expect(certainties).toMatchObject([
        { externalId: 'p1', judged: 2, most: 5, isClosed: false },
        { externalId: 'p0', judged: 2, most: 5, isClosed: true, share: agreed.certainty! / 1000 },
      ]);
      const { lines } = await exportAnnotations(project.researcher, db, project.projectId, annotationWriter);
      const exported = (await collect(lines)).trim().split('\n').map(parseAnnotationLine);
      expect(exported.map(({ prompt, certainty }) => [prompt, certainty?.judged, certainty?.closed])).toEqual([
        ['p0', 2, true],
        ['p0', 2, true],
        ['p1', 2, false],
        ['p1', 2, false],
      ]);
      expect(await names(others[0]!)).toEqual(['p1']);
      // One more at a time: the next one would change what is known.
      expect(await names(others[1]!)).toEqual([]);
      await judge(others[0]!, 'p1', { a: 0, b: 0, c: 1 });
      expect(await countDrifted(db, project.projectId)).toBe(0);
    });

    it('never has more annotators than the most, however little is certain', async () => {
      await configure({ closingCertainty: 100 });
      for (const [i, actor] of people.slice(0, 5).entries()) {
        expect(await names(actor)).toContain('p0');
        await judge(actor, 'p0', i % 2 === 0 ? { a: 0, b: 1, c: 1 } : { a: 0, b: 0, c: 1 });
      }
      expect(await coverageOf('p0')).toMatchObject({ judged: 5, wanted: 5, isOpen: false, certainty: 1000 });
      await endLeases();
      expect(await names(people[5]!)).toEqual(['p1']);
    });

    it('asks about what is least certain first, and about what nobody judged before that', async () => {
      const [first, second, next] = people as [Actor, Actor, Actor];
      await judge(first, 'p0');
      expect(await names(next, 1)).toEqual(['p1']);
      await endLeases();
      await judge(second, 'p1', { a: 0, b: 0, c: 0 });
      const [zero, one] = [await coverageOf('p0'), await coverageOf('p1')];
      expect(zero.certainty).not.toBe(one.certainty);
      expect(await names(next)).toEqual(zero.certainty! < one.certainty! ? ['p0', 'p1'] : ['p1', 'p0']);
    });

    it('closes no gold prompt, keeps the number of the sample, and forgets nothing when it is turned off', async () => {
      const { researcher, projectId } = project;
      await judge(researcher, 'p1');
      const { certainty } = await coverageOf('p1');
      await setGold(researcher, db, projectId, await idOf('p1'), '');
      for (const actor of people.slice(0, 3)) await judge(actor, 'p1');
      expect(await coverageOf('p1')).toMatchObject({ judged: 4, isOpen: false });
      await refreshCertainty(db, projectId);
      expect((await coverageOf('p1')).certainty).toBe(certainty);
      await configure({ overlapSample: 4, overlapSamplePercent: 100 });
      for (const actor of people.slice(0, 2)) await judge(actor, 'p0', { a: 0, b: 1, c: 1 });
      expect(await coverageOf('p0')).toMatchObject({ judged: 2, wanted: 4, isOpen: true });
      await configure({ overlapSamplePercent: 0, overlapMinimum: null });
      expect(await coverageOf('p0')).toMatchObject({ judged: 2, wanted: 5, isOpen: true });
    });

    it('learns how people judge, and keeps what follows for every prompt', async () => {
      const { projectId } = project;
      for (const actor of people.slice(0, 4)) await judge(actor, 'p0', { a: 0, b: 1, c: 1 });
      for (const actor of people.slice(0, 3)) await judge(actor, 'p1', { a: 0, b: 1, c: 1 });
      const guessed = await coverageOf('p1');
      await refreshCertainty(db, projectId);
      const learned = await coverageOf('p1');
      // They always agree, which the guess does not expect.
      expect(learned.certainty!).toBeGreaterThan(guessed.certainty!);
      const model = await judgementModelOf(db, projectId);
      expect(model).toMatchObject({ versions: 7, model: { tierCount: expect.any(Number) } });
      expect(Object.keys(model!.model.annotators)).toHaveLength(4);
      // A rule that bears contradiction is another question; the answer follows the setting.
      await configure({ consensusQuorum: 5 });
      await certaintyWork(projectId);
      expect((await coverageOf('p1')).certainty).not.toBe(learned.certainty);
      expect(await countDrifted(db, projectId)).toBe(0);
    });
  });

  it('holds no more than a few places for a page that fetches ahead', async () => {
    await withPrompts(30);
    await configure({ overlap: 1 });
    const held: string[] = [];
    for (let i = 0; i < 4; i++) held.push(...(await ask(project.annotator, { exclude: held })).ids);
    expect(held).toHaveLength(HELD_AT_ONCE);
    expect(await names(project.other, 1)).toEqual([`p${HELD_AT_ONCE}`]);
  });

  it('gives an annotator no more prompts than the limit', async () => {
    await withPrompts(6);
    await configure({ promptLimit: 3 });
    await judge(project.annotator, 'p4');
    const { ids, progress } = await ask(project.annotator);
    expect(ids).toHaveLength(2);
    expect(progress).toEqual({ done: 1, total: 3 });
    expect((await ask(project.annotator, { exclude: ids })).ids).toEqual([]);
    expect(await names(project.other)).toHaveLength(3);
    await configure({ overlap: 2 });
    expect((await ask(project.annotator)).ids).toHaveLength(2);
    await judge(project.annotator, 'p0');
    await judge(project.annotator, 'p1');
    expect((await ask(project.annotator)).ids).toEqual([]);
  });

  describe('in another order', () => {
    it('shuffled: the same for everybody, and not as imported', async () => {
      await withPrompts(12);
      await configure({ assignmentOrder: 'random' });
      const order = await names(project.annotator);
      expect(order).not.toEqual(Array.from({ length: 10 }, (_, i) => `p${i}`));
      expect(await names(project.other)).toEqual(order);
      await judge(project.annotator, order[0]!);
      expect((await names(project.annotator)).slice(0, 9)).toEqual(order.slice(1));
    });

    it('least covered first', async () => {
      await withPrompts(4);
      await configure({ assignmentOrder: 'least_covered', overlap: 3 });
      await judge(project.annotator, 'p0');
      await judge(project.other, 'p0');
      await judge(project.annotator, 'p1');
      expect(await names(third)).toEqual(['p2', 'p3', 'p1', 'p0']);
    });

    it('most disagreed first', async () => {
      await withPrompts(4);
      await configure({ assignmentOrder: 'most_disagreed', overlap: 3 });
      const { annotator, other } = project;
      for (const externalId of ['p1', 'p2', 'p3']) await judge(annotator, externalId, { a: 0, b: 1, c: 2 });
      await judge(other, 'p1', { a: 0, b: 1, c: 2 });
      await judge(other, 'p2', { a: 0, b: 1, c: 1 });
      await judge(other, 'p3', { a: 2, b: 1, c: 0 });
      expect(await names(third)).toEqual(['p3', 'p2', 'p0', 'p1']);
    });

    it('highest priority first, also where everybody may judge every prompt', async () => {
      await withPrompts(4);
      await db.execute(sql`update prompts set priority = case external_id when 'p2' then 5 when 'p0' then -1 else 0 end
        where project_id = ${project.projectId}`);
      for (const overlap of [2, null]) {
        await configure({ assignmentOrder: 'priority', overlap });
        expect(await names(third)).toEqual(['p2', 'p1', 'p3', 'p0']);
      }
    });
  });

  it('finds what is open behind any number of prompts that the annotator has judged alone', async () => {
    const { projectId, annotator, other } = project;
    await withPrompts(3);
    await configure({ overlap: 2 });
    // 700 prompts in front of the others, judged by one annotator: more than the window that is looked through.
    await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position)
      select ${projectId}, 'early' || n, '[]', '', 3 + n from generate_series(0, 699) n`);
    await db.execute(sql`update projects set prompt_count = 703 where id = ${projectId}`);
    await db.execute(sql`insert into assignments (prompt_id, annotator_id, project_id, state, reason)
      select id, ${annotator.userId}, project_id, 'held', 'named' from prompts where project_id = ${projectId} and position >= 3`);
    await db.execute(
      sql`update prompt_coverage set order_key = order_key - 1000 where project_id = ${projectId} and position >= 3`,
    );
    await db.execute(
      sql`update assignments set state = 'held', leased_until = now() + interval '1 hour' where project_id = ${projectId}`,
    );
    const held = (
      await db.select({ id: assignments.promptId }).from(assignments).where(eq(assignments.projectId, projectId))
    ).map(({ id }) => id);
    expect(held).toHaveLength(700);
    const open = await openPrompts(db, { projectId, annotatorId: annotator.userId, languages: [] }, [], 10);
    expect(open).toEqual([await idOf('p0'), await idOf('p1'), await idOf('p2')]);
    expect(
      await openPrompts(db, { projectId, annotatorId: annotator.userId, languages: [] }, [await idOf('p0')], 1),
    ).toEqual([await idOf('p1')]);
    expect(await openPrompts(db, { projectId, annotatorId: other.userId, languages: [] }, [], 1)).toEqual([
      await idOf('early0'),
    ]);
  });
});

it.each([
  ['PGlite', emptyPGlite],
  ['PostgreSQL', emptyPostgres],
] as const)('coverage is made of what was there before it was kept (%s)', async (_kind, empty) => {
  const { db, migrate, close } = await empty();
  const before = await migrationsBefore('assignments');
  try {
    await migrate(before);
    await db.execute(
      sql`insert into users (id, name, email) select 'u' || n, 'Person', n || '@example.org' from generate_series(1, 3) n`,
    );
    await db.execute(
      sql`insert into projects (name, tiers, prompt_count, response_count) values ('P', '["a","b"]', 9, 18)`,
    );
    await db.execute(sql`insert into prompts (project_id, external_id, messages, content_hash, position)
      select id, 'p' || n, '[]', '', n from projects, generate_series(0, 8) n`);
    await db.execute(sql`insert into responses (prompt_id, external_id, text, source, position)
      select id, 'r' || n, 'A text that says ' || n, 'human', n from prompts, generate_series(0, 1) n`);
    await db.execute(sql`insert into annotations (project_id, prompt_id, annotator_id, version, idempotency_key)
      select project_id, prompts.id, users.id, v, prompts.id || '-' || v from prompts, users, generate_series(1, 2) v
      where (position + right(users.id, 1)::int) % 4 >= v`);
    await db.execute(sql`insert into placements (annotation_id, response_id, state, tier)
      select a.id, r.id, 'placed', r.position from annotations a join responses r using (prompt_id)`);
    await db.execute(sql`insert into prompt_marks (prompt_id, annotator_id, kind, project_id)
      select prompts.id, 'u1', case when position = 3 then 'skipped' else 'flagged' end, project_id from prompts where position in (3, 5)`);
    await db.execute(sql`insert into gold_prompts (prompt_id, project_id, expected, created_by)
      select id, project_id, '{}', 'u1' from prompts where position = 6`);
    await migrate();
    const [project] = await db.select({ id: projects.id }).from(projects);
    const rows = await db.select().from(promptCoverage);
    expect(rows.filter(({ judged }) => judged > 0).length).toBeGreaterThan(5);
    expect(rows.filter(({ isOpen }) => isOpen)).toHaveLength(8);
    expect(await countDrifted(db, project!.id)).toBe(0);
    // What is kept goes on being kept.
    await db.execute(sql`delete from prompt_marks`);
    await db.execute(sql`delete from gold_prompts`);
    expect(await countDrifted(db, project!.id)).toBe(0);
  } finally {
    await close();
    await rm(before, { recursive: true });
  }
});
