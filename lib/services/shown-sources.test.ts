import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import type { ModelNames } from '@/lib/schemas/model-names';
import type { PromptId } from '@/trainer/contract/ids';
import { addResponses } from './add-responses';
import { importPrompts } from './import-prompts';
import { annotate, encode, projectWithPeople } from './people.test-support';
import { updateProject } from './projects';
import { getNextTasks, getTask } from './tasks';

const file = encode(
  `${JSON.stringify({
    external_id: 'p0',
    prompt: 'Ask?',
    responses: [
      { id: 'a', text: 'One', source: 'human' },
      { id: 'b', text: 'Two', source: 'model-b' },
      { id: 'c', text: ' Two ', source: 'model-c' },
    ],
  })}\n`,
);

describeOnEachDatabase('who may see which model wrote a response', (database) => {
  async function there(modelNames: ModelNames) {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, db, projectId, file);
    await updateProject(researcher, db, projectId, { baseVersion: 1, modelNames });
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 1 });
    return { db, ...people, promptId: tasks[0]!.promptId, p0: { projectId, externalId: 'p0' } };
  }
  const sourcesFor = async (db: Database, actor: Actor, projectId: string, promptId: PromptId) => {
    const { responses } = await getTask(actor, db, projectId, promptId);
    return Object.fromEntries(responses.map(({ text, sources }) => [text, sources]));
  };
  const hidden = { One: undefined, Two: undefined };
  const shown = { One: ['human'], Two: ['model-b', 'model-c'] };

  it('is no annotator, where only researchers may', async () => {
    const { db, annotator, projectId, promptId, p0 } = await there('researchers');
    await annotate(db, annotator, p0, { a: 0, b: 1, c: 1 });
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(hidden);
  });

  it('is whoever has judged all of the prompt, and nobody before; not by what a peer has judged', async () => {
    const { db, annotator, other, projectId, promptId, p0 } = await there('after_submission');
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(hidden);
    await annotate(db, other, p0, { a: 0, b: 1, c: 1 });
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(hidden);
    await annotate(db, annotator, p0, { a: 0 });
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(hidden);
    await annotate(db, annotator, p0, { a: 0, b: 1, c: 1 }, { baseVersion: 1 });
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(shown);
  });

  it('hides all of them again while a response that came later is not judged', async () => {
    const { db, researcher, annotator, projectId, promptId, p0 } = await there('after_submission');
    await annotate(db, annotator, p0, { a: 0, b: 1, c: 1 });
    await addResponses(researcher, db, projectId, {
      source: 'sampler',
      prompts: [{ promptId, responses: [{ text: 'Three' }] }],
    });
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual({ ...hidden, Three: undefined });
    const { tasks } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 1 });
    expect(JSON.stringify(tasks)).not.toContain('model-');
  });

  it('is whoever has judged a prompt that was decided, where that is the rule', async () => {
    const { db, researcher, annotator, other, projectId, promptId, p0 } = await there('after_decision');
    await annotate(db, annotator, p0, { a: 0, b: 1, c: 1 });
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(hidden);
    await db.execute(sql`insert into decisions (project_id, prompt_id, reviewer_id, version, kind, idempotency_key)
      values (${projectId}, ${promptId}, ${researcher.userId}, 1, 'decided', ${crypto.randomUUID()})`);
    expect(await sourcesFor(db, annotator, projectId, promptId)).toEqual(shown);
    expect(await sourcesFor(db, other, projectId, promptId)).toEqual(hidden);
  });
});
