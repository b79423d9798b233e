import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createSnapshot } from './create-snapshot';
import { loadDemo } from './load-demo';
import { person, refusal } from './people.test-support';
import { viewProject } from './projects';
import { getNextTasks } from './tasks';

describeOnEachDatabase('the demo', (database) => {
  it('loads both projects once, also when two people press the button, and admits whoever asks', async () => {
    const db = database();
    const [one, two] = [await person(db, 'researcher'), await person(db, 'researcher')];
    const answers = await Promise.all([loadDemo(one, db), loadDemo(two, db), loadDemo(one, db)]);
    expect(new Set(answers.map(({ projectIds }) => projectIds.join())).size).toBe(1);
    const [premises, documents] = answers[0]!.projectIds as [string, string];
    expect((await viewProject(two, db, premises)).project).toMatchObject({
      name: 'Demo: premise and hypothesis',
      isDemo: true,
    });
    expect((await viewProject(two, db, documents)).project.name).toBe('Demo: questions over documents');
    const { counts } = await viewProject(two, db, premises);
    expect(counts.prompts).toBeGreaterThanOrEqual(48);
    expect(counts.responses).toBeGreaterThanOrEqual(4 * 48);
    expect((await viewProject(two, db, documents)).counts.prompts).toBeGreaterThanOrEqual(12);
    const { tasks } = await getNextTasks(one, db, documents, { exclude: [], count: 1 });
    expect(tasks[0]!.documents.length).toBeGreaterThanOrEqual(2);
  });

  it('gives a snapshot with pairs before anyone has annotated, with every strategy', async () => {
    const db = database();
    const admin = await person(db, 'admin');
    const [premises] = (await loadDemo(admin, db)).projectIds as [string, string];
    for (const strategy of ['human', 'label', 'hybrid', 'full'] as const) {
      const { snapshot } = await createSnapshot(admin, db, premises, { name: strategy, strategy });
      expect(snapshot.pairCount, strategy).toBeGreaterThan(snapshot.promptCount);
    }
  });

  it('is not for annotators', async () => {
    await refusal(loadDemo(await person(database(), 'annotator'), database()), 'forbidden');
  });
});
