import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect, it, vi } from 'vitest';
import { agreementReports } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { agreementAnswerSchema } from '@/lib/schemas/agreement';
import { createSnapshot } from './create-snapshot';
import { getAgreement } from './get-agreement';
import { setGold } from './gold';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile } from './people.test-support';
import { updateProject, viewProject } from './projects';
import { getNextTasks } from './tasks';

async function settled(actor: Actor, db: Database, projectId: string) {
  for (;;) {
    const answer = await getAgreement(actor, db, projectId);
    if (!answer.measuring) return agreementAnswerSchema.parse(answer);
    await sleep(20);
  }
}

describeOnEachDatabase('the agreement of a project', (database) => {
  it('says that measuring failed where the thread cannot start, and the server goes on', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    // The thread fails while pages without annotations are read, and nothing is asked of it yet.
    await importPrompts(researcher, db, projectId, promptFile(2000));
    await annotate(db, annotator, { projectId, externalId: 'p1999' }, { a: 0, b: 1, c: 2 });
    vi.stubEnv('RESCUE_ROOT', '/nowhere');
    const log = vi.spyOn(console, 'error').mockReturnValue();
    expect(await settled(researcher, db, projectId)).toMatchObject({ report: null, failed: true });
    expect(log).toHaveBeenCalled();
    vi.unstubAllEnvs();
    log.mockRestore();
  });

  it('is measured in the background, again when somebody judged, without gold', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(4));
    expect(await settled(researcher, db, projectId)).toMatchObject({ report: null, failed: false });
    const on = (externalId: string) => ({ projectId, externalId });

    await annotate(db, annotator, on('p0'), { a: 0, b: 1, c: 2 });
    await annotate(db, other, on('p0'), { a: 0, b: 1, c: 2 });
    const first = await getAgreement(researcher, db, projectId);
    expect(first).toMatchObject({ report: null, measuring: true });
    const { report, names } = await settled(researcher, db, projectId);
    expect(report).toMatchObject({
      prompts: 1,
      sharedPrompts: 1,
      annotations: 2,
      comparisons: 1,
      figures: { tauX: { value: 1, reason: null }, sameTier: { value: 1 } },
    });
    expect(Object.keys(names).sort()).toEqual([annotator.userId, other.userId].sort());

    // The other way round on p1; p2 is gold, so what they say of it does not count.
    await annotate(db, annotator, on('p1'), { a: 0, b: 1, c: 2 });
    await annotate(db, other, on('p1'), { a: 2, b: 1, c: 0 });
    const { tasks } = await getNextTasks(researcher, db, projectId, { exclude: [], count: 4 });
    const gold = tasks.find(({ externalId }) => externalId === 'p2')!;
    await annotate(db, researcher, on('p2'), { a: 0, b: 1, c: 2 });
    await setGold(researcher, db, projectId, gold.promptId, '');
    await annotate(db, other, on('p2'), { a: 0, b: 1, c: 2 });
    const second = (await settled(researcher, db, projectId)).report!;
    expect(second).toMatchObject({ prompts: 2, annotations: 4, comparisons: 2 });
    expect(second.figures.tauX.value).toBeCloseTo(0, 12);
    expect(second.pairs).toHaveLength(1);
    expect(second.annotators.map(({ tierUse }) => tierUse)).toEqual([
      [2, 2, 2, 0],
      [2, 2, 2, 0],
    ]);
    // A report of another shape, as an earlier version of the app may have left it, is measured anew.
    await db.update(agreementReports).set({ report: sql`'{"tau": 1}'` });
    expect(await getAgreement(researcher, db, projectId)).toMatchObject({ report: null, measuring: true });
    expect((await settled(researcher, db, projectId)).report).toEqual(second);
    // What the preview says of the rule that snapshots take is what a snapshot keeps.
    const rule = second.rules.find(({ quorum, maxAgainst }) => quorum === 'majority' && maxAgainst === 0)!;
    const { snapshot } = await createSnapshot(researcher, db, projectId, { name: 's', strategy: 'annotations' });
    expect(rule.outcomes.kept + rule.outcomes.implied).toBe(snapshot.header.counts.pairs);
    expect(rule.outcomes).toMatchObject({ kept: 3, contradicted: 3 });
  });

  it('previews the rule of the project, which snapshots take, also where it is not among the usual ones', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    const on = (externalId: string) => ({ projectId, externalId });
    for (const externalId of ['p0', 'p1']) await annotate(db, annotator, on(externalId), { a: 0, b: 1, c: 2 });
    await annotate(db, other, on('p0'), { a: 0, b: 1, c: 1 });
    const usual = (await settled(researcher, db, projectId)).report!;
    expect(usual.rules.some(({ quorum }) => quorum === 7)).toBe(false);
    const { settingsVersion } = (await viewProject(researcher, db, projectId)).project;
    const rule = { consensusQuorum: 2, consensusMaxAgainst: 0 };
    await updateProject(researcher, db, projectId, { baseVersion: settingsVersion, ...rule });
    // Its numbers were there already.
    expect((await getAgreement(researcher, db, projectId)).measuring).toBe(false);
    const two = usual.rules.find(({ quorum, maxAgainst }) => quorum === 2 && maxAgainst === 0)!;
    const make = (name: string) => createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' });
    const { header } = (await make('two')).snapshot;
    expect(header.filters.consensus).toEqual({ quorum: 2, max_against: 0 });
    expect(header.counts.pairs).toBe(two.outcomes.kept + two.outcomes.implied);
    expect(header.counts.pairs).toBe(2);
    await updateProject(researcher, db, projectId, { baseVersion: settingsVersion + 1, consensusQuorum: 7 });
    const { rules } = (await settled(researcher, db, projectId)).report!;
    expect(rules.find(({ quorum, maxAgainst }) => quorum === 7 && maxAgainst === 0)).toMatchObject({
      outcomes: { kept: 0, unsupported: 6 },
    });
    expect((await make('seven')).snapshot.header.counts.pairs).toBe(0);
  });
});
