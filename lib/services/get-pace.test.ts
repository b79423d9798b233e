import { expect, it } from 'vitest';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { getPace } from './get-pace';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile } from './people.test-support';

const day = () => new Date(Date.now() - 3_600_000);

describeOnEachDatabase('pace', (database) => {
  it('counts one’s own first judgements of the day, and the prompts that somebody has judged', async () => {
    const db = database();
    const { projectId, researcher, annotator, other } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(4));
    expect(await getPace(annotator, db, projectId, day())).toEqual({
      today: 0,
      judgedByAnyone: 0,
      total: 4,
      medianActiveMs: null,
    });
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0 });
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0 });
    await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 1 }, { baseVersion: 1 });
    await annotate(db, other, { projectId, externalId: 'p1' }, { a: 0 });
    await annotate(db, other, { projectId, externalId: 'p2' }, { a: 0 });
    expect(await getPace(annotator, db, projectId, day())).toMatchObject({ today: 2, judgedByAnyone: 3, total: 4 });
    expect((await getPace(annotator, db, projectId, new Date(Date.now() + 60_000))).today).toBe(0);
  });

  it('takes each prompt’s longest version: an edit does not make the work look quicker', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(3));
    const times = { p0: 40_000, p1: 10_000, p2: 20_000 };
    for (const [prompt, timeOnTaskMs] of Object.entries(times)) {
      await annotate(db, annotator, { projectId, externalId: prompt }, { a: 0 }, { timeOnTaskMs });
    }
    await annotate(db, annotator, { projectId, externalId: 'p2' }, { a: 1 }, { baseVersion: 1, timeOnTaskMs: 500 });
    expect((await getPace(annotator, db, projectId, day())).medianActiveMs).toBe(20_000);
  });
});
