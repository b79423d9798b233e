import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { jobs, projects, prompts } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import { upsertMember } from '@/lib/db/members';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import type { ProjectRole } from '@/lib/schemas/account';
import { addResponses } from './add-responses';
import { cloneProject } from './clone-project';
import { removeAbandonedProjects } from './close-project';
import { createSnapshot } from './create-snapshot';
import { getWork } from './get-work';
import { goldFeedback, listGold, setGold } from './gold';
import { publishGuidelines, viewGuidelines } from './guidelines';
import { importPrompts } from './import-prompts';
import { annotate, collect, projectWithPeople, promptFile, refusal } from './people.test-support';
import { listProjects, updateProject, viewProject } from './projects';
import { exportSnapshot, listSnapshots } from './read-snapshot';
import { getNextTasks } from './tasks';

describeOnEachDatabase('a copy of a project', (database) => {
  async function source() {
    const db = database();
    const there = await projectWithPeople(db);
    const { projectId, researcher, annotator } = there;
    await importPrompts(researcher, db, projectId, promptFile(250));
    await updateProject(researcher, db, projectId, { baseVersion: 1, overlap: 2, thinkingTags: ['ponder'] });
    await publishGuidelines(researcher, db, projectId, { baseVersion: 0, body: 'Be fair.', examples: ['Like this'] });
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    await annotate(db, researcher, { projectId, externalId: 'p1' }, { a: 0, b: 1, c: 3 });
    const own = (await db.select().from(prompts).where(eq(prompts.projectId, projectId))).find(
      ({ externalId }) => externalId === 'p1',
    );
    await setGold(researcher, db, projectId, own!.id, 'Because.');
    const added = [{ promptId: own!.id, responses: [{ text: 'Sampled later' }] }];
    await addResponses(researcher, db, projectId, { source: 'sampler', prompts: added });
    return { db, ...there };
  }

  it('of its settings has the settings and guidelines, and nothing else', async () => {
    const { db, projectId, researcher } = await source();
    const copy = await cloneProject(researcher, db, projectId, { name: 'Copy', scope: 'settings' });
    expect(copy).toMatchObject({ name: 'Copy', overlap: 2, thinkingTags: ['ponder'], settingsVersion: 1 });
    const seen = await viewProject(researcher, db, copy.id);
    expect(seen.counts).toMatchObject({ prompts: 0, annotations: 0 });
    expect(seen.members.map(({ userId }) => userId)).toEqual([researcher.userId]);
    const { current } = await viewGuidelines(researcher, db, copy.id);
    expect(current).toMatchObject({ version: 1, body: 'Be fair.', examples: ['Like this', '', '', ''] });
  });

  it('with prompts has what was imported and added, and gives it out anew', async () => {
    const { db, projectId, researcher, annotator } = await source();
    const copy = await cloneProject(researcher, db, projectId, { name: 'Copy', scope: 'prompts' });
    const { counts } = await viewProject(researcher, db, copy.id);
    expect(counts).toMatchObject({ prompts: 250, responses: 751, annotations: 0, snapshots: 0 });
    expect(await listGold(researcher, db, copy.id)).toEqual([]);
    expect((await getWork(researcher, db, copy.id)).rows).toEqual([]);
    const { tasks, progress } = await getNextTasks(researcher, db, copy.id, { exclude: [], count: 2 });
    expect(tasks.map(({ externalId }) => externalId)).toEqual(['p0', 'p1']);
    expect(tasks[1]!.responses.map(({ text }) => text)).toContain('Sampled later');
    expect(progress.total).toBe(250);
    await refusal(viewProject(annotator, db, copy.id), 'not_found');
    // Record by record the same as the source, where nothing is judged.
    const recordsOf = async (id: string) => {
      const { snapshot } = await createSnapshot(researcher, db, id, { name: 'S', strategy: 'full' });
      return (await collect((await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('records'))).lines))
        .split('\n')
        .filter((line) => line.includes('"p200"'));
    };
    expect(await recordsOf(copy.id)).toEqual(await recordsOf(projectId));
  });

  it('of everything but work has gold prompts and members, too', async () => {
    const { db, projectId, researcher, annotator, other } = await source();
    const copy = await cloneProject(researcher, db, projectId, { name: 'Copy', scope: 'everything' });
    const { members } = await viewProject(researcher, db, copy.id);
    expect(members.map(({ userId, role }) => `${userId} ${role}`).sort()).toEqual(
      [`${researcher.userId} researcher`, `${annotator.userId} annotator`, `${other.userId} annotator`].sort(),
    );
    const [gold] = await listGold(researcher, db, copy.id);
    expect(gold).toMatchObject({ externalId: 'p1', explanation: 'Because.' });
    await annotate(db, other, { projectId: copy.id, externalId: 'p1' }, { a: 0, b: 1, c: 2 });
    const { agreed, total } = await goldFeedback(other, db, copy.id, gold!.promptId).then(({ pairs }) => ({
      agreed: pairs.filter(({ verdict }) => verdict === 'agreed').length,
      total: pairs.length,
    }));
    expect([agreed, total]).toEqual([3, 3]);
    expect((await listSnapshots(researcher, db, copy.id)).snapshots).toEqual([]);
  });

  it('is made only by somebody who may read all of the project and may create projects', async () => {
    const { db, projectId, outsiders } = await source();
    const copy = (actor: Actor) => cloneProject(actor, db, projectId, { name: 'Copy', scope: 'settings' });
    const join = ({ userId }: Actor, role: ProjectRole) => upsertMember(db, { projectId, userId, role });
    const [researcher, annotator] = outsiders as [Actor, Actor];
    await join(researcher, 'annotator');
    await refusal(copy(researcher), 'forbidden');
    await join(annotator, 'researcher');
    await refusal(copy(annotator), 'forbidden');
    await join(researcher, 'researcher');
    expect(await copy(researcher)).toMatchObject({ name: 'Copy' });
  });

  it('that is cancelled leaves nothing behind', async () => {
    const { db, projectId, researcher } = await source();
    const jobId = randomUUID();
    const cloning = cloneProject(researcher, db, projectId, { name: 'Half', scope: 'prompts' }, jobId);
    const cancelling = (async () => {
      for (;;) {
        const [job] = await db.update(jobs).set({ cancelRequested: true }).where(eq(jobs.id, jobId)).returning();
        if (job) return;
      }
    })();
    await refusal(cloning, 'conflict');
    await cancelling;
    expect(await db.select().from(projects).where(eq(projects.name, 'Half'))).toEqual([]);
    expect((await listProjects(researcher, db)).projects.map(({ name }) => name)).toEqual(['A project']);
  });

  it('is seen by nobody before it is whole, and a killed server’s is deleted at the next start', async () => {
    const { db, researcher } = await source();
    const [half] = await db
      .insert(projects)
      .values({ name: 'Killed', tiers: ['a', 'b'], state: 'copying', createdBy: researcher.userId })
      .returning();
    await refusal(viewProject({ ...researcher, role: 'admin' }, db, half!.id), 'not_found');
    await removeAbandonedProjects(db, 60_000);
    expect(await db.$count(projects, eq(projects.id, half!.id))).toBe(1);
    await removeAbandonedProjects(db, 0);
    expect(await db.$count(projects, eq(projects.id, half!.id))).toBe(0);
  });
});
