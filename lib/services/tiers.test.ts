import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createProjectSchema, updateProjectSchema } from '@/lib/schemas/account';
import { DEFAULT_TIERS, MAX_TIERS } from '@/lib/schemas/tier-rules';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile, refusal } from './people.test-support';
import { createProject, updateProject, viewProject } from './projects';

const names = (count: number) => Array.from({ length: count }, (_, i) => `tier ${i}`);

describeOnEachDatabase('tiers', (database) => {
  async function started() {
    const people = await projectWithPeople(database());
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, database(), projectId, promptFile(2));
    const change = (changes: object) =>
      updateProject(researcher, database(), projectId, updateProjectSchema.parse(changes));
    const judge = (prompt: string, tier: number) =>
      annotate(database(), annotator, projectId, prompt, { a: 0, b: tier });
    return { ...people, change, judge };
  }

  it('have the colours of their rank until somebody chooses others', async () => {
    const { projectId, annotator, change } = await started();
    const seen = async () => (await viewProject(annotator, database(), projectId)).project;
    expect((await seen()).tierColors).toEqual([]);
    await change({ tierColors: ['green', 'ramp', 'grey', 'red'] });
    expect((await seen()).tierColors).toEqual(['green', 'ramp', 'grey', 'red']);
    await change({ tierColors: [] });
    expect((await seen()).tierColors).toEqual([]);
  });

  it('come with a project as it is made, with colours or without', async () => {
    const { researcher } = await started();
    const create = (more: object) =>
      createProject(researcher, database(), createProjectSchema.parse({ name: 'New', ...more }));
    expect(await create({})).toMatchObject({ tiers: DEFAULT_TIERS, tierColors: [] });
    const chosen = { tiers: ['yes', 'no'], tierColors: ['teal', 'purple'] };
    expect(await create(chosen)).toMatchObject(chosen);
    await refusal(create({ tiers: ['yes', 'no'], tierColors: ['teal'] }), 'invalid');
  });

  it('may become more or fewer before the first annotation; then only names and colours change', async () => {
    const { change, judge } = await started();
    await change({ tierColors: ['green', 'blue', 'grey', 'red'] });
    expect(await change({ tiers: names(MAX_TIERS) })).toMatchObject({ tiers: names(MAX_TIERS), tierColors: [] });
    expect((await change({ tiers: names(2), tierColors: ['blue', 'red'] })).tiers).toEqual(names(2));
    await judge('p0', 1);
    const refused = await refusal(change({ tiers: names(3) }), 'conflict');
    expect(refused.message).toContain('they refer to the 2 tiers by number');
    await refusal(change({ tiers: names(3), tierColors: [], name: 'Renamed' }), 'conflict');
    const renamed = await change({ tiers: ['yes', 'no'], tierColors: ['teal', 'ramp'] });
    expect(renamed).toMatchObject({ name: 'A project', tiers: ['yes', 'no'], tierColors: ['teal', 'ramp'] });
  });

  it('cannot become fewer while an annotation that uses the last one is being stored', async () => {
    // Control: without the lock in tiersForJudging, PostgreSQL lets both through in some of these turns.
    for (let turn = 0; turn < 8; turn++) {
      const { projectId, annotator, change, judge } = await started();
      const [saved, shrunk] = await Promise.allSettled([judge('p0', 3), change({ tiers: names(3) })]);
      expect([saved.status, shrunk.status].sort()).toEqual(['fulfilled', 'rejected']);
      const { project } = await viewProject(annotator, database(), projectId);
      expect(project.tiers).toHaveLength(saved.status === 'fulfilled' ? 4 : 3);
    }
  });

  it('are refused whole where they make no sense, and by nobody but those who edit the project', async () => {
    const { projectId, annotator, outsiders, change } = await started();
    for (const colors of [['green'], ['green', 'blue', 'grey', 'red', 'teal']]) {
      await refusal(change({ tierColors: colors, name: 'Renamed' }), 'invalid');
    }
    await refusal(change({ tiers: names(3), tierColors: ['green', 'blue', 'grey', 'red'] }), 'invalid');
    const wrong = [
      { tiers: ['one'] },
      { tiers: names(MAX_TIERS + 1) },
      { tiers: ['same', 'SAME '] },
      { tiers: ['', 'b'] },
      { tierColors: ['crimson', 'blue', 'grey', 'red'] },
      { tierColors: ['red; background: url(//example.org)', 'blue', 'grey', 'red'] },
    ];
    for (const changes of wrong) expect(updateProjectSchema.safeParse(changes).success).toBe(false);
    await refusal(updateProject(annotator, database(), projectId, { tierColors: [] }), 'forbidden');
    await refusal(updateProject(outsiders[0]!, database(), projectId, { tiers: names(2) }), 'not_found');
    const { project } = await viewProject(annotator, database(), projectId);
    expect(project).toMatchObject({ name: 'A project', tiers: ['best', 'good', 'weak', 'bad'], tierColors: [] });
  });
});
