import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { asc, eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { auditEntries, jobs, projects, prompts, responses, runs, snapshots } from '@/drizzle/schema';
import type { Database } from '@/lib/db/client';
import { storedFilePath } from '@/lib/db/files';
import { seedLargeProject } from '@/lib/db/large-project.test-support';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createRunRequestSchema } from '@/lib/schemas/run';
import type { PromptId } from '@/trainer/contract/ids';
import { deleteProject, removeDeletedProjects, setArchived } from './close-project';
import { createRun } from './create-run';
import { createSnapshot } from './create-snapshot';
import { saveDecision } from './decide';
import { getWork } from './get-work';
import { importPrompts } from './import-prompts';
import { listMyAnnotations } from './list-my-annotations';
import { annotate, person, projectWithPeople, promptFile, refusal } from './people.test-support';
import { listProjects, updateProject, viewProject } from './projects';
import { changeMark } from './prompt-marks';
import { storeRunFile } from './run-files';
import { saveAnnotation } from './save-annotation';
import { saveDraft } from './save-draft';
import { getNextTasks, getTask } from './tasks';
import { viewAnswers } from './view-answers';

describeOnEachDatabase('a project that is closed', (database) => {
  const db = database;

  async function judgedProject() {
    const there = await projectWithPeople(db());
    await importPrompts(there.researcher, db(), there.projectId, promptFile(3));
    await annotate(db(), there.annotator, { projectId: there.projectId, externalId: 'p0' }, { a: 0, b: 1, c: 3 });
    return there;
  }

  it('archived: everybody reads, nobody writes, and it says so', async () => {
    const { projectId, researcher, annotator } = await judgedProject();
    const { tasks } = await getNextTasks(annotator, db(), projectId, { exclude: [], count: 2 });
    const { promptId, responses: shown } = tasks[0]!;
    await setArchived(researcher, db(), projectId, true);

    const content = {
      allBad: false,
      timeOnTaskMs: 1,
      placements: shown.map(({ id }) => ({ responseId: id, state: 'placed' as const, tier: 0 })),
      remarks: { comment: '', tags: [], marks: [] },
    };
    const draft = { baseVersion: 0, sequence: 1, content };
    const mark = { kind: 'flagged' as const, note: '' };
    const writing: Record<string, () => Promise<unknown>> = {
      annotating: () => annotate(db(), annotator, { projectId, externalId: 'p1' }, { a: 0 }),
      drafting: () => saveDraft(annotator, db(), projectId, promptId, draft),
      marking: () => changeMark(annotator, db(), projectId, { promptId, idempotencyKey: 'k', kind: mark.kind, mark }),
      taking: () => getNextTasks(annotator, db(), projectId, { exclude: [], count: 1 }),
      importing: () => importPrompts(researcher, db(), projectId, promptFile(1, { from: 9 })),
      setting: () => updateProject(researcher, db(), projectId, { baseVersion: 1, name: 'Other' }),
      snapshots: () => createSnapshot(researcher, db(), projectId, { name: 'S', strategy: 'full' }),
    };
    for (const attempt of Object.values(writing)) await refusal(attempt(), 'locked');

    expect((await getTask(annotator, db(), projectId, promptId)).promptId).toBe(promptId);
    expect((await listMyAnnotations(annotator, db(), projectId)).annotations).toHaveLength(1);
    expect((await getWork(researcher, db(), projectId)).rows).toHaveLength(1);
    const { project } = await viewProject(annotator, db(), projectId);
    expect(project.isArchived).toBe(true);
    expect((await listProjects(annotator, db())).projects).toMatchObject([{ id: projectId, isArchived: true }]);
  });

  it('out of the archive it takes what was refused meanwhile', async () => {
    const { projectId, researcher, annotator } = await judgedProject();
    await setArchived(researcher, db(), projectId, true);
    await refusal(annotate(db(), annotator, { projectId, externalId: 'p1' }, { a: 0, b: 1 }), 'locked');
    await setArchived(researcher, db(), projectId, false);
    await annotate(db(), annotator, { projectId, externalId: 'p1' }, { a: 0, b: 1 });
    expect((await listMyAnnotations(annotator, db(), projectId)).annotations).toHaveLength(2);
  });

  it.each(['annotation', 'decision'] as const)('refuses the %s that was sent just before', async (sent) => {
    const { projectId, researcher, annotator } = await projectWithPeople(db());
    await importPrompts(researcher, db(), projectId, promptFile(2));
    await annotate(db(), annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    const [first, second] = await db()
      .select()
      .from(prompts)
      .where(eq(prompts.projectId, projectId))
      .orderBy(asc(prompts.position));
    const placed = async (promptId: PromptId) => ({
      promptId,
      idempotencyKey: randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 5,
      placements: (await viewAnswers(researcher, db(), projectId, promptId)).responses.map(({ id }) => ({
        responseId: id,
        state: 'placed' as const,
        tier: 0,
      })),
    });
    const request = await placed(sent === 'decision' ? first!.id : second!.id);
    // It is archived after the project was looked up, and before the transaction that stores.
    const slow = new Proxy(db(), {
      get(target, name) {
        if (name !== 'transaction') return Reflect.get(target, name, target);
        return async (store: Parameters<Database['transaction']>[0]) => {
          await setArchived(researcher, db(), projectId, true);
          return target.transaction(store);
        };
      },
    });
    await refusal(
      sent === 'decision'
        ? saveDecision(researcher, slow, projectId, request)
        : saveAnnotation(annotator, slow, projectId, request),
      'locked',
    );
  });

  it('is not archived while a job writes to it', async () => {
    const { projectId, researcher } = await judgedProject();
    await db().insert(jobs).values({ id: crypto.randomUUID(), projectId, createdBy: researcher.userId });
    expect((await refusal(setArchived(researcher, db(), projectId, true), 'conflict')).key).toBe('refusals.workGoesOn');
    expect((await refusal(deleteProject(researcher, db(), projectId, 'A project'), 'conflict')).key).toBe(
      'refusals.workGoesOn',
    );
  });

  it('is deleted only by its name, and then hidden from everybody at once', async () => {
    const { projectId, researcher, annotator } = await judgedProject();
    await refusal(deleteProject(researcher, db(), projectId, 'A projekt'), 'invalid');
    await viewProject(annotator, db(), projectId);
    await deleteProject(researcher, db(), projectId, ' A project ');
    for (const actor of [researcher, annotator, await person(db(), 'admin')]) {
      await refusal(viewProject(actor, db(), projectId), 'not_found');
      expect((await listProjects(actor, db())).projects.map(({ id }) => id)).not.toContain(projectId);
    }
    await refusal(annotate(db(), annotator, { projectId, externalId: 'p1' }, { a: 0 }), 'not_found');
  });

  it('leaves nothing behind, neither rows nor files, but what the audit log tells', async () => {
    const { projectId, researcher } = await judgedProject();
    const { snapshot } = await createSnapshot(researcher, db(), projectId, { name: 'S', strategy: 'full' });
    const wanted = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: 'demo' });
    const run = await createRun(researcher, db(), projectId, wanted);
    const bytes = new TextEncoder().encode(`weights of ${run.id}`);
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    await storeRunFile(researcher, db(), run.id, { name: 'x.bin', sha256, body: streamOf(bytes) });
    expect(existsSync(storedFilePath(sha256))).toBe(true);

    await deleteProject(researcher, db(), projectId, 'A project');
    await removeDeletedProjects(db());

    expect(existsSync(storedFilePath(sha256))).toBe(false);
    expect(await rowsOf(db(), projectId)).toEqual({});
    const told = await db().select().from(auditEntries).where(eq(auditEntries.actorId, researcher.userId));
    expect(told.map(({ kind, details }) => ({ kind, ...details }))).toEqual(
      expect.arrayContaining([
        { kind: 'snapshot_deleted', project: 'A project', snapshot: 'S', hash: snapshot.hash },
        { kind: 'project_deleted', project: 'A project', prompts: 3, id: projectId },
      ]),
    );
  });

  it('spares the files that another project has as well', async () => {
    const bytes = new TextEncoder().encode('the same weights');
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
    const made = [];
    for (const there of [await judgedProject(), await judgedProject()]) {
      const { projectId, researcher } = there;
      const { snapshot } = await createSnapshot(researcher, db(), projectId, { name: 'S', strategy: 'full' });
      const wanted = createRunRequestSchema.parse({ snapshotId: snapshot.id, modelId: 'demo' });
      const run = await createRun(researcher, db(), projectId, wanted);
      await storeRunFile(researcher, db(), run.id, { name: 'x.bin', sha256, body: streamOf(bytes) });
      made.push(there);
    }
    const [first, second] = made;
    await deleteProject(first!.researcher, db(), first!.projectId, 'A project');
    await removeDeletedProjects(db());
    expect(existsSync(storedFilePath(sha256))).toBe(true);
    await deleteProject(second!.researcher, db(), second!.projectId, 'A project');
    await removeDeletedProjects(db());
    expect(existsSync(storedFilePath(sha256))).toBe(false);
  });

  it('is not deleted while runs of another project build on a model from it', async () => {
    const { projectId, researcher } = await judgedProject();
    const other = await judgedProject();
    const runOf = async (id: string, actor: typeof researcher, modelId: string) => {
      const { snapshot } = await createSnapshot(actor, db(), id, { name: 'S', strategy: 'full' });
      const [row] = await db()
        .insert(runs)
        .values({ projectId: id, snapshotId: snapshot.id, modelId, config: {} })
        .returning();
      return row!.id;
    };
    const runId = await runOf(projectId, researcher, 'demo');
    await db().execute(sql`insert into models (id, name, kind, run_id, parameters)
      values (${runId}, ${`Trained ${runId}`}, 'run', ${runId}, 1)`);
    await runOf(other.projectId, other.researcher, runId);
    const { key } = await refusal(deleteProject(researcher, db(), projectId, 'A project'), 'conflict');
    expect(key).toBe('refusals.projectModelInUse');
    await deleteProject(other.researcher, db(), other.projectId, 'A project');
    await removeDeletedProjects(db());
    await deleteProject(researcher, db(), projectId, 'A project');
    await removeDeletedProjects(db());
    expect(await rowsOf(db(), projectId)).toEqual({});
  });

  it('is deleted in steps that do not grow with it, and what a killed server left is deleted at the start', async () => {
    const { projectId, researcherId } = await seedLargeProject(db(), 2_000, { words: 5 });
    await deleteProject({ userId: researcherId, role: 'researcher' }, db(), projectId, 'A large project');
    let steps = 0;
    const dying = new Proxy(db(), {
      get(target, name) {
        if (name === 'delete') {
          steps += 1;
          if (steps > 6) throw new Error('killed');
        }
        const value = Reflect.get(target, name, target) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const before = await db().$count(prompts, eq(prompts.projectId, projectId));
    await expect(removeDeletedProjects(dying)).rejects.toThrow('killed');
    const after = await db().$count(prompts, eq(prompts.projectId, projectId));
    expect(before - after).toBeGreaterThan(0);
    expect(before - after).toBeLessThanOrEqual(steps * 200);
    await refusal(viewProject({ userId: researcherId, role: 'admin' }, db(), projectId), 'not_found');
    await removeDeletedProjects(db());
    expect(await rowsOf(db(), projectId)).toEqual({});
  }, 120_000);
});

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** How many rows of each table still name the project; tables without any are left out. */
async function rowsOf(db: Database, projectId: string): Promise<Record<string, number>> {
  const { rows: tables } = (await db.execute(sql`select table_name as name from information_schema.columns
    where column_name = 'project_id' and table_schema = 'public'`)) as unknown as { rows: { name: string }[] };
  const counts: Record<string, number> = {
    projects: await db.$count(projects, eq(projects.id, projectId)),
    responses: await db.$count(
      responses,
      sql`not exists (select from prompts where prompts.id = ${responses.promptId})`,
    ),
    snapshots: await db.$count(snapshots, eq(snapshots.projectId, projectId)),
  };
  for (const { name } of tables) {
    const { rows } = (await db.execute(
      sql`select count(*)::int as n from ${sql.identifier(name)} where project_id = ${projectId}`,
    )) as unknown as { rows: { n: number }[] };
    counts[name] = rows[0]!.n;
  }
  return Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
}
