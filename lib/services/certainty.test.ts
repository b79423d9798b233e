import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { prompts } from '@/drizzle/schema';
import { lockPlaces, noteJudgements } from '@/lib/db/coverage';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { importPrompts } from './import-prompts';
import { annotate, projectWithPeople, promptFile } from './people.test-support';
import { updateProject } from './projects';

describeOnEachDatabase('the certainty of a prompt', (database) => {
  it('is kept while settings change, and neither waits for the other for ever', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(1));
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    const [prompt] = await db.select().from(prompts).where(eq(prompts.projectId, projectId));
    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => {
      locked = resolve;
    });
    const keeping = db.transaction(async (tx) => {
      await lockPlaces(tx, prompt!.id);
      locked();
      // Long enough for the settings to get to the prompt's row, if they do not wait before it.
      await sleep(500);
      await noteJudgements(tx, prompt!.id, { certainty: 500 });
    });
    await isLocked;
    const changing = updateProject(researcher, db, projectId, { baseVersion: 1, overlap: 3 });
    expect((await Promise.allSettled([keeping, changing])).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
    ]);
  });
});
