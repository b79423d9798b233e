import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { jobs, prompts, responses, snapshotRecords, snapshots } from '@/drizzle/schema';
import { readImport } from '@/lib/containers/read-import';
import type { Database } from '@/lib/db/client';
import { beginJob } from '@/lib/db/jobs';
import { countPrompts, promptsAfter, responsesOfPrompts } from '@/lib/db/prompts';
import { publish, publishedCounts } from '@/lib/db/published';
import { appendRecords, openSnapshot } from '@/lib/db/snapshots';
import { stagePrompts, stageResponses } from '@/lib/db/staging';
import { describeOnEachDatabase, freshPostgres } from '@/lib/db/testing';
import { snapshotWriter } from '@/lib/formats/registry';
import { addResponses } from './add-responses';
import { contentHashOf } from './content-hash';
import { createSnapshot } from './create-snapshot';
import { importPrompts } from './import-prompts';
import { cancelJob, getJob } from './jobs';
import {
  annotate,
  collect,
  english,
  projectWithPeople,
  promptFile,
  refusal,
  type TestProject,
} from './people.test-support';
import { previewImport } from './preview-import';
import { runProjectJob, sweepDeadJobs } from './project-job';
import { listProjects, viewProject } from './projects';
import { exportSnapshot, listSnapshots } from './read-snapshot';
import { getNextTasks, getTask } from './tasks';

/** Prompts as an import stages them. */
const staged = async (n: number, from = 0) =>
  (await readImport(promptFile(n, { from }))).prompts.map(({ prompt }) =>
    JSON.stringify({ ...prompt, contentHash: contentHashOf(prompt) }),
  );

/** Every number of prompts that anybody can see. */
async function seen(db: Database, { projectId, researcher, annotator }: TestProject) {
  const { tasks, progress } = await getNextTasks(annotator, db, projectId, { exclude: [], count: 1000 });
  const listed = (await listProjects(researcher, db)).projects.find(({ id }) => id === projectId)!;
  const { counts } = await viewProject(researcher, db, projectId);
  return [
    tasks.length,
    progress.total,
    listed.counts.prompts,
    counts.prompts,
    counts.responses! / 3,
    (await previewImport(researcher, db, projectId, promptFile(50), { translate: english })).counts.unchanged,
    await countPrompts(db, projectId),
    (await promptsAfter(db, projectId, -1, 1000)).length,
  ];
}

async function rows(db: Database, projectId: string): Promise<number> {
  const [found] = await db.select({ n: count() }).from(prompts).where(eq(prompts.projectId, projectId));
  return found!.n;
}

describeOnEachDatabase('a project job', (database) => {
  it('is invisible until its end, and then visible as a whole', async () => {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, db, projectId, promptFile(2));
    const jobId = randomUUID();
    await runProjectJob(researcher, db, projectId, jobId, async (job) => {
      await job.setTotal(6);
      for (const from of [2, 4, 6]) {
        await job.step(from, async (tx) => stagePrompts(tx, projectId, from, await staged(2, from)));
        expect(await seen(db, people)).toEqual(Array(8).fill(2));
        expect(await getJob(researcher, db, jobId, english)).toEqual({
          job: { state: 'running', done: from, total: 6 },
        });
      }
      const [hidden] = await db
        .select({ id: prompts.id })
        .from(prompts)
        .where(sql`${prompts.projectId} = ${projectId} and ${prompts.position} = 5`);
      await refusal(getTask(annotator, db, projectId, hidden!.id), 'not_found');
      await job.publish((tx) => publish(tx, projectId, { prompts: 6, responses: 18, additions: 0 }));
    });
    expect(await seen(db, people)).toEqual(Array(8).fill(8));
    expect(await getJob(researcher, db, jobId, english)).toMatchObject({ job: { state: 'done' } });
    expect(await getJob(people.other, db, jobId, english)).toEqual({ job: null });
  });

  it('hides added responses until all of them are there', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    const [p0] = await promptsAfter(db, projectId, -1, 1);
    const shown = async () => [
      (await responsesOfPrompts(db, [p0!.id])).get(p0!.id)!.length,
      (await getNextTasks(annotator, db, projectId, { exclude: [], count: 5 })).tasks.length,
      (await viewProject(researcher, db, projectId)).counts.responses,
    ];
    expect(await shown()).toEqual([3, 1, 6]);
    await runProjectJob(researcher, db, projectId, undefined, async (job) => {
      const row = { promptId: p0!.id, externalId: 'new', text: 'New.', source: 'm', label: null, position: 3 };
      await job.step(1, (tx) => stageResponses(tx, 1, [row]));
      expect(await shown()).toEqual([3, 1, 6]);
      await job.publish((tx) => publish(tx, projectId, { prompts: 0, responses: 1, additions: 1 }));
    });
    // And the annotator is asked about the prompt again.
    expect(await shown()).toEqual([4, 2, 7]);
  });

  it('leaves nothing behind when it fails or is cancelled, and lets the next one in', async () => {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, other } = people;
    await importPrompts(researcher, db, projectId, promptFile(1));
    const failing = runProjectJob(researcher, db, projectId, undefined, async (job) => {
      await job.step(1, async (tx) => stagePrompts(tx, projectId, 1, await staged(300, 1)));
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(await rows(db, projectId)).toBe(1);

    const jobId = randomUUID();
    const importing = refusal(importPrompts(researcher, db, projectId, promptFile(3000), { jobId }), 'conflict');
    while (((await getJob(researcher, db, jobId, english)).job?.done ?? 0) < 200) await sleep(5);
    await cancelJob(other, db, jobId);
    expect(await getJob(researcher, db, jobId, english)).toMatchObject({ job: { state: 'running' } });
    await cancelJob(researcher, db, jobId);
    expect((await importing).message).toMatch(/Cancelled/);
    expect(await getJob(researcher, db, jobId, english)).toMatchObject({ job: { state: 'cancelled' } });
    expect(await rows(db, projectId)).toBe(1);
    expect(await importPrompts(researcher, db, projectId, promptFile(5))).toMatchObject({ imported: 4, unchanged: 1 });
  });

  it('of a dead server is deleted at the next start, and by the next job in the project', async () => {
    const db = database();
    /** What is in the database after a kill in the middle. */
    const died = async (secondsAgo: number) => {
      const people = await projectWithPeople(db);
      const { projectId, researcher } = people;
      await importPrompts(researcher, db, projectId, promptFile(3));
      const id = randomUUID();
      await beginJob(db, { id, projectId, createdBy: researcher.userId });
      await db
        .update(jobs)
        .set({ heartbeatAt: new Date(Date.now() - secondsAgo * 1000) })
        .where(eq(jobs.id, id));
      await stagePrompts(db, projectId, 3, await staged(10, 3));
      const [first] = await promptsAfter(db, projectId, -1, 1);
      const row = { promptId: first!.id, externalId: 'new', text: 'New.', source: 'm', label: null, position: 3 };
      await stageResponses(db, 1, [row]);
      const snapshotId = await openSnapshot(db, { projectId, name: 'Half', createdBy: researcher.userId });
      const empty = { line: '{}', promptKey: null };
      await appendRecords(db, snapshotId, 0, [empty, empty]);
      const remains = async () => [
        await rows(db, projectId),
        (await db.select().from(responses).where(eq(responses.promptId, first!.id))).length,
        (await db.select().from(snapshots).where(eq(snapshots.projectId, projectId))).length,
        (await db.select().from(snapshotRecords).where(eq(snapshotRecords.snapshotId, snapshotId))).length,
      ];
      expect(await remains()).toEqual([13, 4, 1, 2]);
      expect((await listSnapshots(researcher, db, projectId)).snapshots).toEqual([]);
      expect((await viewProject(researcher, db, projectId)).counts).toMatchObject({ prompts: 3, snapshots: 0 });
      return { ...people, id, remains };
    };

    const silent = await died(60);
    const busy = await died(1);
    // Other servers may be at work on the same PostgreSQL: only the silent one is dead.
    await sweepDeadJobs(db, { soleServer: false });
    expect(await silent.remains()).toEqual([3, 3, 0, 0]);
    expect(await busy.remains()).toEqual([13, 4, 1, 2]);
    await sweepDeadJobs(db, { soleServer: true });
    expect(await busy.remains()).toEqual([3, 3, 0, 0]);

    const later = await died(60);
    expect(await importPrompts(later.researcher, db, later.projectId, promptFile(4))).toMatchObject({ imported: 1 });
    expect(await later.remains()).toEqual([4, 3, 0, 0]);
    expect(await getJob(later.researcher, db, later.id, english)).toMatchObject({ job: { state: 'failed' } });
  });

  it('of a job whose heartbeat timed out writes and publishes nothing more', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const slow = runProjectJob(researcher, db, projectId, undefined, async (job) => {
      await job.step(1, async (tx) => stagePrompts(tx, projectId, 0, await staged(1)));
      await db.update(jobs).set({ heartbeatAt: new Date(0) });
      await importPrompts(researcher, db, projectId, promptFile(2));
      await job.step(2, async (tx) => stagePrompts(tx, projectId, 1, await staged(1, 1)));
    });
    expect((await refusal(slow, 'conflict')).message).toMatch(/stopped this/);
    expect(await publishedCounts(db, projectId)).toEqual({ prompts: 2, responses: 6, additions: 0 });
    expect(await rows(db, projectId)).toBe(2);
  });

  it('a snapshot holds what people had said when it was asked for, not what they say while it is written', async () => {
    const db = database();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(1200));
    for (const p of ['p0', 'p1190']) await annotate(db, annotator, { projectId, externalId: p }, { a: 0, b: 1 });
    const jobId = randomUUID();
    const making = createSnapshot(researcher, db, projectId, { name: 'S', strategy: 'human' }, { jobId });
    while (((await getJob(researcher, db, jobId, english)).job?.done ?? 0) < 100) await sleep(2);
    await annotate(db, annotator, { projectId, externalId: 'p1190' }, { a: 1, b: 0 }, { baseVersion: 1 });
    await annotate(db, annotator, { projectId, externalId: 'p1191' }, { a: 1, b: 0 });
    const { snapshot } = await making;
    expect(snapshot.counts).toMatchObject({ prompts: 1200, annotations: 2 });
    const records = (
      await collect((await exportSnapshot(researcher, db, snapshot.id, snapshotWriter('records'))).lines)
    ).split('\n');
    expect(JSON.parse(records[1190]!).target).toBe('a');
  });

  it('takes a file too large for the server’s thread, and refuses one by line as it does a small one', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const file = promptFile(1000);
    expect(file.length).toBeGreaterThan(200_000);
    const broken = file.slice();
    broken[broken.length - 2] = 0x7b;
    expect((await refusal(importPrompts(researcher, db, projectId, broken), 'invalid')).message).toContain('Line 1000');
    expect(await importPrompts(researcher, db, projectId, file)).toMatchObject({ imported: 1000 });
  });
});

describe('on PostgreSQL', () => {
  // Control: with FOR UPDATE on the project, as it was, the save waits until the other transaction ends.
  it('a save waits neither for an import that is being published nor for a step of it', async () => {
    const { db, close } = await freshPostgres();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(2));
    await runProjectJob(researcher, db, projectId, undefined, async (job) => {
      await job.step(1, async (tx) => {
        await stagePrompts(tx, projectId, 2, await staged(1, 2));
        await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0 });
      });
      await job.publish(async (tx) => {
        await publish(tx, projectId, { prompts: 1, responses: 3, additions: 0 });
        await annotate(db, annotator, { projectId, externalId: 'p1' }, { a: 0 });
      });
    });
    await addResponses(researcher, db, projectId, {
      source: 'm',
      prompts: [{ promptId: (await promptsAfter(db, projectId, -1, 1))[0]!.id, responses: [{ text: 'New.' }] }],
    });
    await close();
  });

  it('a save that was under way when a snapshot began is not in it', async () => {
    const { db, close } = await freshPostgres();
    const { projectId, researcher, annotator } = await projectWithPeople(db);
    await importPrompts(researcher, db, projectId, promptFile(300));
    await annotate(db, annotator, { projectId, externalId: 'p0' }, { a: 0, b: 1 });
    const make = (name: string) => createSnapshot(researcher, db, projectId, { name, strategy: 'annotations' });
    let during: Awaited<ReturnType<typeof make>> | undefined;
    await db.transaction(async (tx) => {
      // Its number is older than the snapshot's moment; it commits after it.
      await tx.execute(sql`select pg_current_xact_id()`);
      const before = make('Before');
      await annotate(tx, annotator, { projectId, externalId: 'p299' }, { a: 0, b: 1 });
      during = await before;
    });
    expect(during!.snapshot.counts.annotations).toBe(1);
    expect((await make('After')).snapshot.counts.annotations).toBe(2);
    await close();
  });
});
