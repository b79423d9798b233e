import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { annotationWriter } from '@/lib/formats/registry';
import { createProjectSchema, updateProjectSchema } from '@/lib/schemas/account';
import { DEFAULT_TIERS } from '@/lib/schemas/tier-rules';
import { MAX_TIERS } from '@/trainer/contract/tier-limits';
import { exportAnnotations } from './export-annotations';
import { importPrompts } from './import-prompts';
import { annotate, collect, parseAnnotationLine, projectWithPeople, promptFile, refusal } from './people.test-support';
import { createProject, updateProject, viewProject } from './projects';

const names = (count: number) => Array.from({ length: count }, (_, i) => `tier ${i}`);

describeOnEachDatabase('tiers', (database) => {
  async function started() {
    const people = await projectWithPeople(database());
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, database(), projectId, promptFile(2));
    const settings = async () => (await viewProject(researcher, database(), projectId)).project;
    const change = async (changes: object) => {
      const { settingsVersion: baseVersion } = await settings();
      return updateProject(researcher, database(), projectId, updateProjectSchema.parse({ baseVersion, ...changes }));
    };
    const judge = (prompt: string, tier: number) =>
      annotate(database(), annotator, { projectId, externalId: prompt }, { a: 0, b: tier });
    return { ...people, settings, change, judge };
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
    expect(refused.message).toContain('refer to its 2 tiers by number');
    await refusal(change({ tiers: names(3), tierColors: [], name: 'Renamed' }), 'conflict');
    const renamed = await change({ tiers: ['yes', 'no'], tierColors: ['teal', 'ramp'], renameJudgedTiers: true });
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
    for (const changes of wrong) {
      expect(updateProjectSchema.safeParse({ baseVersion: 1, ...changes }).success).toBe(false);
    }
    await refusal(updateProject(annotator, database(), projectId, { baseVersion: 1, tierColors: [] }), 'forbidden');
    await refusal(
      updateProject(outsiders[0]!, database(), projectId, { baseVersion: 1, tiers: names(2) }),
      'not_found',
    );
    const { project } = await viewProject(annotator, database(), projectId);
    expect(project).toMatchObject({ name: 'A project', tiers: ['best', 'good', 'weak', 'bad'], tierColors: [] });
  });

  it('that people have judged by are renamed or turned round only by who says so', async () => {
    const { settings, change, judge } = await started();
    // Nobody has judged yet.
    await change({ tiers: ['Best', 'Good', 'Weak', 'Bad'] });
    await judge('p0', 3);
    const turned = ['Bad', 'Weak', 'Good', 'Best'];
    for (const tiers of [turned, ['Best', 'Good', 'Weak', 'Awful']]) {
      const refused = await refusal(change({ tiers, name: 'Renamed' }), 'conflict');
      expect(refused).toMatchObject({ key: 'refusals.tiersJudged', details: { needs: 'renameJudgedTiers' } });
    }
    expect(await settings()).toMatchObject({ name: 'A project', tiers: ['Best', 'Good', 'Weak', 'Bad'] });
    // The same names need no word, nor do colours.
    await change({ tiers: ['Best', 'Good', 'Weak', 'Bad'], tierColors: ['green', 'blue', 'grey', 'red'] });
    expect((await change({ tiers: turned, renameJudgedTiers: true })).tiers).toEqual(turned);
  });

  it('are called in an export what they were called on the board where they were judged', async () => {
    const { projectId, researcher, annotator, settings, change, judge } = await started();
    const exported = async () => {
      const { lines } = await exportAnnotations(researcher, database(), projectId, annotationWriter);
      return (await collect(lines))
        .trim()
        .split('\n')
        .map((line) => parseAnnotationLine(line))
        .map(
          ({ prompt, placements }) =>
            `${prompt}: ${placements.map(({ response, tier_name }) => `${response} ${tier_name}`).sort()}`,
        );
    };
    await judge('p0', 3);
    const seen = (await settings()).tiersVersion;
    await change({ tiers: ['bad', 'weak', 'good', 'best'], renameJudgedTiers: true });
    expect(await exported()).toEqual(['p0: a best,b bad,c null']);
    // A board that was open meanwhile still showed the old names, and says so; another one shows the new ones.
    await annotate(database(), annotator, { projectId, externalId: 'p1' }, { a: 0, b: 3 }, { tiersVersion: seen });
    expect(await exported()).toEqual(['p0: a best,b bad,c null', 'p1: a best,b bad,c null']);
    await annotate(database(), annotator, { projectId, externalId: 'p1' }, { a: 0, b: 3 }, { baseVersion: 1 });
    expect((await exported()).at(-1)).toBe('p1: a bad,b best,c null');
    // A version that is none yet is none.
    await annotate(
      database(),
      annotator,
      { projectId, externalId: 'p1' },
      { a: 0, b: 1 },
      { baseVersion: 2, tiersVersion: 99 },
    );
    expect((await exported()).at(-1)).toBe('p1: a bad,b weak,c null');
  });
});

describeOnEachDatabase('settings', (database) => {
  it('saved by two people at once are saved by one; the other is shown what holds now', async () => {
    const { projectId, researcher } = await projectWithPeople(database());
    const save = (changes: object) =>
      updateProject(researcher, database(), projectId, updateProjectSchema.parse(changes));
    const issueTags = (name: string) => [{ id: 'a-tag', name }];
    const both = await Promise.allSettled([
      save({ baseVersion: 1, issueTags: issueTags('Mine') }),
      save({ baseVersion: 1, issueTags: issueTags('Theirs') }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { project } = await viewProject(researcher, database(), projectId);
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason.translatable.key).toBe('refusals.settingsChanged');
    const { details } = refused.reason.translated(() => '');
    expect(details.current).toEqual(project);
    expect(details.current).not.toHaveProperty('createdBy');
    expect(project.settingsVersion).toBe(2);
    await save({ baseVersion: 2, goldEvery: 3 });
    await refusal(save({ baseVersion: 2, goldEvery: 4 }), 'conflict');
    expect(updateProjectSchema.safeParse({ goldEvery: 4 }).success).toBe(false);
  });
});
