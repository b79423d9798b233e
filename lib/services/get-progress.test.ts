import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { annotations } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { progressAnswerSchema } from '@/lib/schemas/progress';
import { getProgress } from './get-progress';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile } from './people.test-support';
import { updateProject, viewProject } from './projects';
import { saveAnnotation } from './save-annotation';
import { getNextTasks } from './tasks';

const DAY_MS = 24 * 60 * 60 * 1000;

async function settled(actor: Actor, db: Database, projectId: string, now?: Date) {
  for (;;) {
    const answer = progressAnswerSchema.parse(await getProgress(actor, db, projectId, now));
    if (!answer.measuring) return answer;
    await sleep(20);
  }
}

/** Judges prompts by the place of their responses on the board: `tierAt` gets the place, 0 first. */
async function judgeByPlace(
  actor: Actor,
  db: Database,
  projectId: string,
  count: number,
  tierAt: (at: number) => number,
) {
  const { tasks } = await getNextTasks(actor, db, projectId, { exclude: [], count });
  for (const { promptId, responses } of tasks) {
    await saveAnnotation(actor, db, projectId, {
      promptId,
      baseVersion: 0,
      idempotencyKey: randomUUID(),
      allBad: false,
      timeOnTaskMs: 30_000,
      placements: responses.map(({ id }, at) => ({ responseId: id, state: 'placed', tier: tierAt(at) })),
    });
  }
}

describeOnEachDatabase('the progress of a project', (database) => {
  it('is empty before anybody judged', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(3));
    expect(await settled(researcher, db, projectId)).toMatchObject({
      report: null,
      forecast: null,
      keptPairs: null,
      durations: { annotators: [], median: null },
    });
  });

  it('says how much is done of what is wanted, by whom and when, and who prefers what the board shows first', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(6));
    const { settingsVersion } = (await viewProject(researcher, db, projectId)).project;
    await updateProject(researcher, db, projectId, { baseVersion: settingsVersion, overlap: 2 });
    await judgeByPlace(annotator, db, projectId, 4, (at) => (at === 0 ? 0 : 1));
    await judgeByPlace(other, db, projectId, 2, (at) => (at === 0 ? 3 : 1));
    const { report, durations, tierUse, names, forecast } = await settled(researcher, db, projectId);
    expect(report!.coverage).toEqual({ prompts: 6, judged: 4, wanted: 12, done: 6 });
    const bias = (id: string) => report!.firstShown.annotators.find(({ annotatorId }) => annotatorId === id)!;
    expect(bias(annotator.userId)).toEqual({ annotatorId: annotator.userId, share: 1, interval: [1, 1], boards: 4 });
    expect(bias(other.userId)).toMatchObject({ share: 0, boards: 2 });
    expect(report!.firstShown.project).toMatchObject({ share: 4 / 6, boards: 6 });
    const today = new Date().toISOString().slice(0, 10);
    expect(report!.days.map(({ day, judged }) => [day, judged]).sort()).toEqual([
      [today, 2],
      [today, 4],
    ]);
    expect(durations).toMatchObject({ median: 30, annotators: [{ median: 30 }, { median: 30 }] });
    expect(durations.bars.reduce((sum, one) => sum + one, 0)).toBe(6);
    expect(tierUse.find(({ annotatorId }) => annotatorId === annotator.userId)!.tiers).toEqual([4, 8, 0, 0]);
    expect(Object.keys(names).sort()).toEqual([annotator.userId, other.userId].sort());
    expect(forecast).toEqual({ kind: 'early' });
  });

  it('forecasts from whole days, whenever it is asked; an edit is not work on another day', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(40));
    await judgeByPlace(annotator, db, projectId, 10, (at) => at);
    // Two a day on the five days before today.
    await db.execute(sql`update ${annotations} set created_at = now() - ((n % 5) + 1) * interval '1 day'
      from (select id as own, row_number() over (order by id) as n from ${annotations} where project_id = ${projectId}) numbered
      where id = own`);
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 0 }, { baseVersion: 1 });
    const first = await settled(researcher, db, projectId);
    expect(first.report!.days.map(({ judged }) => judged)).toEqual([2, 2, 2, 2, 2]);
    expect(first.forecast).toEqual({ kind: 'days', low: 15, middle: 15, high: 15 });
    const later = (days: number) => settled(researcher, db, projectId, new Date(Date.now() + days * DAY_MS));
    const idle = (await later(10)).forecast!;
    expect(idle.kind === 'days' && idle.high).toBeGreaterThan(15);
    expect((await later(60)).forecast).toEqual({ kind: 'idle' });
  });

  it('has how people do on gold prompts, by their first judgement, and leaves these out of all else', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    const on = { projectId, externalId: 'p0' };
    await annotate(db, researcher, on, { a: 0, b: 1, c: 2 });
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 2 });
    await setGold(researcher, db, projectId, tasks.find(({ externalId }) => externalId === 'p0')!.promptId, '');
    await annotate(db, annotator, on, { a: 0, b: 1, c: 1 });
    await annotate(db, annotator, on, { a: 0, b: 1, c: 2 }, { baseVersion: 1 });
    const { report } = await settled(researcher, db, projectId);
    const day = new Date().toISOString().slice(0, 10);
    expect(report!.gold).toEqual([{ day, annotatorId: annotator.userId, pairs: 3, agreed: 2 }]);
    expect(report!.coverage).toEqual({ prompts: 1, judged: 0, wanted: 1, done: 0 });
    expect(report!.days).toEqual([]);
  });
});
