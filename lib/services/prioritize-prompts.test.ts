import { and, asc, eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { auditEntries, promptCoverage, prompts } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import type { PromptId } from '@/trainer/contract/ids';
import { countDrifted } from './assignment-race.test-support';
import { importPrompts } from './import-prompts';
import { countMatchingPrompts, listPrompts } from './list-prompts';
import { annotate, person, projectWithPeople, promptFile, refusal, type TestProject } from './people.test-support';
import { prioritizePrompts } from './prioritize-prompts';
import { updateProject, viewProject } from './projects';
import { getNextTasks } from './tasks';

describeOnEachDatabase('changing priorities', (database) => {
  let db: Database;
  let project: TestProject;
  beforeEach(async () => {
    db = database();
    project = await projectWithPeople(db);
    await importPrompts(project.researcher, db, project.projectId, promptFile(12));
    const { settingsVersion } = (await viewProject(project.researcher, db, project.projectId)).project;
    const byPriority = { baseVersion: settingsVersion, assignmentOrder: 'priority' as const };
    await updateProject(project.researcher, db, project.projectId, byPriority);
  });

  const idOf = async (name: string) => {
    const { projectId, researcher } = project;
    const found = await listPrompts(researcher, db, projectId, { sort: 'import', text: name });
    return found.prompts[0]!.promptId;
  };
  const first = async (count = 2) => {
    const { tasks } = await getNextTasks(project.annotator, db, project.projectId, { exclude: [], count });
    return tasks.map(({ externalId }) => externalId);
  };
  const set = (request: Parameters<typeof prioritizePrompts>[3]) =>
    prioritizePrompts(project.researcher, db, project.projectId, request);
  const audited = async () => {
    const rows = await db
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.kind, 'prompts_prioritized'), eq(auditEntries.actorId, project.researcher.userId)))
      .orderBy(asc(auditEntries.at));
    return rows.map(({ details }) => details);
  };

  it('of one prompt, which then comes first, and last when it is lowered', async () => {
    expect(await set({ priority: 7, promptId: await idOf('p5') })).toEqual({ changed: 1 });
    expect(await first()).toEqual(['p5', 'p0']);
    expect(await set({ priority: 7, promptId: await idOf('p5') })).toEqual({ changed: 0 });
    await set({ priority: -1, promptId: await idOf('p5') });
    expect((await first(12)).at(-1)).toBe('p5');
    expect(await audited()).toMatchObject([
      { prompt: 'p5', priority: 7, prompts: 1 },
      { prompt: 'p5', priority: -1, prompts: 1 },
    ]);
    expect(await countDrifted(db, project.projectId)).toBe(0);
  });

  it('of all that a filter lets through, as many as were counted, and of no other', async () => {
    const { projectId, researcher, other } = project;
    await annotate(db, other, { projectId, externalId: 'p3' }, { a: 0, b: 1, c: 2 });
    await annotate(db, other, { projectId, externalId: 'p9' }, { a: 0, b: 1, c: 2 });
    const filter = { state: 'complete' as const };
    expect(await countMatchingPrompts(researcher, db, projectId, filter)).toEqual({ count: 2, next: null });
    expect(await set({ priority: 3, filter })).toEqual({ changed: 2 });
    expect(await first(3)).toEqual(['p3', 'p9', 'p0']);
    // What the list sorts by and what is given out first are the same.
    const kept = await db
      .select({ own: prompts.priority, kept: promptCoverage.priority })
      .from(prompts)
      .innerJoin(promptCoverage, eq(promptCoverage.promptId, prompts.id))
      .where(eq(prompts.projectId, projectId));
    expect(kept.filter(({ own, kept }) => own !== kept)).toEqual([]);
    expect(kept.filter(({ own }) => own === 3)).toHaveLength(2);
    expect(await audited()).toMatchObject([{ priority: 3, prompts: 2 }]);
  });

  it('finds the prompt whose id is what is looked for, too', async () => {
    const { projectId, researcher } = project;
    // p1, and p10 and p11, which hold it.
    expect(await countMatchingPrompts(researcher, db, projectId, { text: 'p1' })).toEqual({ count: 3, next: null });
    expect(await set({ priority: 1, filter: { text: 'p1' } })).toEqual({ changed: 3 });
    expect(await first(3)).toEqual(['p1', 'p10', 'p11']);
  });

  it('is for the project’s researchers, and of the project’s prompts alone', async () => {
    const { projectId, annotator, researcher } = project;
    await refusal(prioritizePrompts(annotator, db, projectId, { priority: 1, filter: {} }), 'forbidden');
    const elsewhere = await projectWithPeople(db);
    await importPrompts(elsewhere.researcher, db, elsewhere.projectId, promptFile(1));
    const [row] = await db.select().from(prompts).where(eq(prompts.projectId, elsewhere.projectId));
    await refusal(set({ priority: 1, promptId: row!.id }), 'not_found');
    await refusal(set({ priority: 1, promptId: 'nonsense' as PromptId }), 'not_found');
    expect(await set({ priority: 1, filter: {} })).toEqual({ changed: 12 });
    const [untouched] = await db.select().from(prompts).where(eq(prompts.id, row!.id));
    expect(untouched!.priority).toBe(0);
    await refusal(
      prioritizePrompts(await person(db, 'researcher'), db, projectId, { priority: 1, filter: {} }),
      'not_found',
    );
    expect((await listPrompts(researcher, db, projectId, { sort: 'priority' })).prompts[0]!.priority).toBe(1);
  });
});
