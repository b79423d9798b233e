import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { promptCoverage, prompts } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { placePrompts } from '@/lib/db/coverage';
import { findProject } from '@/lib/db/projects';
import { responsesOfPrompts } from '@/lib/db/prompts';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { type ForetoldSettings, settingsEffectsSchema } from '@/lib/schemas/settings-effects';
import { seededRandom } from '@/trainer/data/seeded-random';
import { certaintyWork } from './certainty';
import { saveDecision } from './decide';
import { foretellSettings } from './foretell-settings';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { measureAgreement } from './measure-agreement';
import { annotate, projectWithPeople, promptFile, type TestProject } from './people.test-support';
import { updateProject } from './projects';
import { getNextTasks } from './tasks';

const SEED = Number(process.env.FORETELL_SEED ?? 1);

describeOnEachDatabase('what settings would do', (database) => {
  let db: Database;
  let people: TestProject;
  const foretell = async (changes: ForetoldSettings) =>
    settingsEffectsSchema.parse(await foretellSettings(people.researcher, db, people.projectId, changes));
  const change = async (changes: ForetoldSettings) => {
    const { settingsVersion } = (await findProject(db, people.projectId))!;
    await updateProject(people.researcher, db, people.projectId, { ...changes, baseVersion: settingsVersion });
    await certaintyWork(people.projectId);
  };
  const judge = (actor: keyof Pick<TestProject, 'annotator' | 'other' | 'researcher'>, externalId: string) =>
    annotate(db, people[actor], { projectId: people.projectId, externalId }, { a: 0, b: 1, c: 2 });
  const idOf = async (externalId: string) => {
    const named = and(eq(prompts.projectId, people.projectId), eq(prompts.externalId, externalId));
    return (await db.select().from(prompts).where(named))[0]!.id;
  };
  /** Which prompts are done, and how many judgements are missing, as the database has them. */
  async function covered() {
    const rows = await db.select().from(promptCoverage).where(sql`not is_gold and not is_withdrawn`);
    const done = new Set(rows.filter(({ progress }) => progress === 2).map(({ promptId }) => promptId));
    const missing = rows.reduce(
      (sum, { wanted, judged, outsideOverlap, reopened }) =>
        sum + Math.max(0, (wanted ?? 1) - (judged - outsideOverlap - reopened)),
      0,
    );
    return { done, missing };
  }

  beforeEach(async () => {
    db = database();
    people = await projectWithPeople(db);
    await importPrompts(people.researcher, db, people.projectId, promptFile(8));
  });
  const nothing = {
    reopened: 0,
    closed: 0,
    judgements: 0,
    uncertain: 0,
    held: 0,
    stopped: 0,
    resumed: 0,
    goldSooner: 0,
    goldLater: 0,
    shown: null,
    decisionsInForce: 0,
    decisionsLifted: 0,
    pairs: null,
  };

  it('is nothing before anybody has judged, and where nothing is changed', async () => {
    expect(await foretell({ overlap: 3, promptLimit: 1, decisionsSettle: false })).toEqual(nothing);
    await judge('annotator', 'p0');
    expect(await foretell({})).toEqual(nothing);
    expect(await foretell({ overlap: null, leaseMinutes: 60, consensusMaxAgainst: 0 })).toEqual(nothing);
  });

  it('counts prompts that would be open again, or done, and judgements', async () => {
    await change({ overlap: 1 });
    for (const externalId of ['p0', 'p1', 'p2']) await judge('annotator', externalId);
    expect(await foretell({ overlap: 2 })).toEqual({ ...nothing, reopened: 3, judgements: 8 });
    await change({ overlap: 2 });
    expect(await foretell({ overlap: 1 })).toEqual({ ...nothing, closed: 3, judgements: -8 });
    // One is enough, if it is certain; how certain they are is estimated afterwards.
    expect(await foretell({ overlapMinimum: 1 })).toMatchObject({ uncertain: 3 });
  });

  it(`is what happens then, whatever is changed (FORETELL_SEED=${SEED})`, async () => {
    const random = seededRandom(SEED);
    const whole = (below: number) => Math.floor(random() * below);
    for (let n = 0; n < 8; n++) {
      for (const actor of ['annotator', 'other', 'researcher'] as const)
        if (random() < 0.5) await judge(actor, `p${n}`);
    }
    await db.execute(sql`update prompt_coverage set certainty = case when judged > 0 then 500 + position * 70 end`);
    for (let step = 0; step < 12; step++) {
      const changes: ForetoldSettings = {
        overlap: random() < 0.2 ? null : whole(4) + 1,
        overlapSample: random() < 0.5 ? null : whole(4) + 1,
        overlapSamplePercent: whole(101),
        overlapMinimum: random() < 0.5 ? null : whole(2) + 1,
        closingCertainty: 50 + whole(51),
      };
      const before = await covered();
      const told = await foretell(changes);
      // By what is known of certainty now; it is estimated anew afterwards.
      const known = await db.select().from(promptCoverage);
      await change(changes);
      for (const { promptId, certainty } of known) {
        await db.update(promptCoverage).set({ certainty }).where(eq(promptCoverage.promptId, promptId));
      }
      await placePrompts(db, people.projectId);
      const after = await covered();
      expect(told, JSON.stringify(changes)).toMatchObject({
        reopened: [...before.done].filter((id) => !after.done.has(id)).length,
        closed: [...after.done].filter((id) => !before.done.has(id)).length,
        judgements: after.missing - before.missing,
      });
    }
  });

  it('counts people at a limit, places that are held, gold that is left, and answers that would show models', async () => {
    await change({ overlap: 2 });
    for (const externalId of ['p0', 'p1']) await judge('annotator', externalId);
    await judge('researcher', 'p7');
    await setGold(people.researcher, db, people.projectId, await idOf('p7'), '');
    expect(await foretell({ promptLimit: 2 })).toEqual({ ...nothing, stopped: 1 });
    await change({ promptLimit: 2 });
    expect(await foretell({ promptLimit: null })).toEqual({ ...nothing, resumed: 1 });
    await getNextTasks(people.other, db, people.projectId, { exclude: [], count: 2 });
    expect((await foretell({ leaseMinutes: 5 })).held).toBeGreaterThan(0);
    expect(await foretell({ goldEvery: 5 })).toEqual({ ...nothing, goldSooner: 2 });
    await change({ goldEvery: 5 });
    expect(await foretell({ goldEvery: 0 })).toEqual({ ...nothing, goldLater: 2 });
    expect(await foretell({ modelNames: 'after_submission' })).toEqual({ ...nothing, shown: { before: 0, after: 2 } });
  });

  it('counts decisions that would stand or not, and pairs that the consensus would keep', async () => {
    await judge('annotator', 'p0');
    await judge('other', 'p0');
    await judge('annotator', 'p1');
    const promptId = await idOf('p0');
    const shown = (await responsesOfPrompts(db, [promptId])).get(promptId)!;
    await saveDecision(people.researcher, db, people.projectId, {
      promptId,
      baseVersion: 0,
      idempotencyKey: randomUUID(),
      allBad: false,
      timeOnTaskMs: 1,
      placements: shown.map(({ id }, tier) => ({ responseId: id, state: 'placed', tier })),
    });
    expect(await foretell({ decisionsSettle: false })).toEqual({ ...nothing, decisionsLifted: 1 });
    expect(await foretell({ modelNames: 'after_decision' })).toEqual({ ...nothing, shown: { before: 0, after: 2 } });
    // Before anything was measured nobody knows.
    expect(await foretell({ consensusQuorum: 2 })).toEqual(nothing);
    await measureAgreement(db, (await findProject(db, people.projectId))!, '');
    expect(await foretell({ consensusQuorum: 2 })).toEqual({ ...nothing, pairs: { before: 6, after: 3 } });
    expect(await foretell({ consensusQuorum: 9 })).toEqual({ ...nothing, pairs: { before: 6, after: null } });
  });
});
