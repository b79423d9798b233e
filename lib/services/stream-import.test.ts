import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { asc, count, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobs, prompts, responses } from '@/drizzle/schema';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { jobById } from '@/lib/db/jobs';
import { promptsAfter } from '@/lib/db/prompts';
import { publishedCounts } from '@/lib/db/published';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { importLimits } from '@/lib/schemas/prompt-import';
import type { UploadState } from '@/lib/schemas/upload';
import { ImportProblems } from './import-problems';
import { importPrompts, READING } from './import-prompts';
import { cancelJob, getJob } from './jobs';
import { encode, english, projectWithPeople, promptFile, refusal } from './people.test-support';
import { previewImport } from './preview-import';
import { sweepDeadJobs } from './project-job';
import { resumeImport } from './resume-imports';
import { getNextTasks } from './tasks';
import { appendToUpload, discardUpload, finishUpload, locateUpload, startProjectUpload } from './uploads';

let folder: string;
const before = process.env.DATA_DIR;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-imports-'));
  process.env.DATA_DIR = folder;
});
afterAll(async () => {
  if (before === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = before;
  await rm(folder, { recursive: true, force: true });
});

/** A complete upload of these bytes, and where it lies. */
async function uploaded(actor: Actor, db: Database, projectId: string, bytes: Uint8Array) {
  const name = `${randomUUID()}.jsonl`;
  const { id }: UploadState = await startProjectUpload(actor, db, projectId, { name, bytes: bytes.length });
  await appendToUpload(actor, db, id, {
    offset: 0,
    body: (async function* () {
      yield bytes;
    })(),
  });
  await finishUpload(actor, db, id, createHash('sha256').update(bytes).digest('hex'));
  return { upload: id, file: await locateUpload(actor, db, id, projectId) };
}

const rowsOf = async (db: Database, projectId: string) => {
  const [found] = await db.select({ n: count() }).from(prompts).where(eq(prompts.projectId, projectId));
  return found!.n;
};
const stored = async (db: Database, projectId: string) =>
  (
    await db
      .select({ id: prompts.externalId, position: prompts.position })
      .from(prompts)
      .where(eq(prompts.projectId, projectId))
      .orderBy(asc(prompts.position))
  ).map(({ id, position }) => `${id}@${position}`);
const inOrder = (n: number) => Array.from({ length: n }, (_, i) => `p${i}@${i}`);
/** Rows of which two and two have one prompt, but far from each other. */
const scattered = (n: number) =>
  encode(
    [0, 1]
      .flatMap((half) =>
        Array.from({ length: n }, (_, i) =>
          JSON.stringify({
            instruction: `Ask ${i}?`,
            chosen: `Good ${i} ${half}.`,
            rejected: `Bad ${i} ${half} ${'x'.repeat(300)}.`,
          }),
        ),
      )
      .join('\n'),
  );

describeOnEachDatabase('an import from an upload', (database) => {
  it('stores what the same bytes store that are sent whole, and leaves nothing on the disk', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const { upload, file } = await uploaded(researcher, db, projectId, promptFile(1500));
    const jobId = randomUUID();
    const result = { imported: 1500, unchanged: 0, extended: 0 };
    expect(await importPrompts(researcher, db, projectId, file, { jobId, upload })).toEqual(result);
    expect(await stored(db, projectId)).toEqual(inOrder(1500));
    expect(await publishedCounts(db, projectId)).toEqual({ prompts: 1500, responses: 4500, additions: 0 });
    const [first] = await db.select().from(responses).orderBy(asc(responses.position)).limit(1);
    expect(first).toMatchObject({
      externalId: 'b',
      text: 'It follows, as model b says.',
      source: 'model-b',
      label: 'yes',
    });
    expect(await getJob(researcher, db, jobId, english)).toMatchObject({ job: { state: 'done', items: 1500, result } });
    expect(await readdir(join(folder, 'imports')).catch(() => [])).toEqual([]);
    expect(await importPrompts(researcher, db, projectId, promptFile(1500))).toMatchObject({ unchanged: 1500 });
  });

  it('merges rows with one prompt wherever they stand, with shelves on the disk as in memory', async () => {
    const db = database();
    const [large, small] = [await projectWithPeople(db), await projectWithPeople(db)];
    // Large enough for some shelves.
    const bytes = scattered(9000);
    expect(bytes.length).toBeGreaterThan(6_000_000);
    const { file } = await uploaded(large.researcher, db, large.projectId, bytes);
    const result = await importPrompts(large.researcher, db, large.projectId, file, { judgements: 'leave-out' });
    expect(result).toEqual({ imported: 9000, unchanged: 0, extended: 0 });
    const ofFirst = () =>
      db
        .select({
          messages: prompts.messages,
          text: sql`string_agg(left(${responses.text}, 12), '|' order by ${responses.position})`,
        })
        .from(prompts)
        .innerJoin(responses, eq(responses.promptId, prompts.id))
        .where(sql`${prompts.projectId} = ${large.projectId} and ${prompts.position} in (0, 8999)`)
        .groupBy(prompts.id)
        .orderBy(asc(prompts.position));
    expect(await ofFirst()).toMatchObject([
      { messages: [{ content: 'Ask 0?' }], text: 'Good 0 0.|Bad 0 0 xxxx|Good 0 1.|Bad 0 1 xxxx' },
      { messages: [{ content: 'Ask 8999?' }] },
    ]);
    const tenth = scattered(90);
    await importPrompts(small.researcher, db, small.projectId, tenth);
    const names = async (projectId: string, n: number) => (await stored(db, projectId)).slice(0, n);
    expect(await names(small.projectId, 90)).toEqual(await names(large.projectId, 90));
  });

  it('goes on after a kill where it had come to, and not one row is stored twice', async () => {
    const db = database();
    const people = await projectWithPeople(db);
    const { projectId, researcher, annotator } = people;
    await importPrompts(researcher, db, projectId, promptFile(2));
    const { upload, file } = await uploaded(researcher, db, projectId, promptFile(2000));
    const jobId = randomUUID();
    // Its server dies: nothing is swept, nothing ends the job.
    const dying = importPrompts(researcher, dyingAfter(db, 400), projectId, file, { jobId, upload });
    await expect(dying).rejects.toThrow('killed');
    const half = await rowsOf(db, projectId);
    expect(half).toBeGreaterThan(300);
    expect(half).toBeLessThan(2000);
    // Control: without the condition on positions in isPublished, half an import is seen here.
    expect(await promptsAfter(db, projectId, -1, 5000)).toHaveLength(2);
    expect((await getNextTasks(annotator, db, projectId, { exclude: [], count: 1000 })).progress.total).toBe(2);
    expect(await jobById(db, jobId)).toMatchObject({ state: 'running', input: { upload, reading: READING } });
    const ids = await db
      .select({ id: prompts.id })
      .from(prompts)
      .where(sql`${prompts.projectId} = ${projectId} and position = 100`);

    await sweepDeadJobs(db, { soleServer: true, resume: (row) => resumeImport(db, row) });
    expect(await getJob(researcher, db, jobId, english)).toMatchObject({
      job: { state: 'done', result: { imported: 1998, unchanged: 2, extended: 0 } },
    });
    expect(await stored(db, projectId)).toEqual(inOrder(2000));
    expect(await publishedCounts(db, projectId)).toEqual({ prompts: 2000, responses: 6000, additions: 0 });
    // Those that had been stored are the same rows still.
    expect(
      await db
        .select({ id: prompts.id })
        .from(prompts)
        .where(sql`${prompts.projectId} = ${projectId} and position = 100`),
    ).toEqual(ids);
  });

  it('begins anew where the file is read otherwise now, and ends without a trace where the upload is gone', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const { upload, file } = await uploaded(researcher, db, projectId, promptFile(1200));
    for (const change of ['reading', 'gone'] as const) {
      const jobId = randomUUID();
      await expect(
        importPrompts(researcher, dyingAfter(db, 300), projectId, file, { jobId, upload }),
      ).rejects.toThrow();
      expect(await rowsOf(db, projectId)).toBeGreaterThan(200);
      if (change === 'gone') {
        await db.update(jobs).set({ state: 'failed' }).where(eq(jobs.id, jobId));
        await discardUpload(researcher, db, upload);
        await db.update(jobs).set({ state: 'running' }).where(eq(jobs.id, jobId));
      } else {
        const input = { upload, leaveOut: false, judgements: 'people' as const, reading: READING - 1 };
        await db.update(jobs).set({ input }).where(eq(jobs.id, jobId));
      }
      const resumed = sweepDeadJobs(db, {
        soleServer: true,
        resume: (row) => resumeImport(db, row).catch(() => undefined),
      });
      await resumed;
      const { job } = await getJob(researcher, db, jobId, english);
      if (change === 'reading') {
        expect(job).toMatchObject({ state: 'done', result: { imported: 1200 } });
        expect(await stored(db, projectId)).toEqual(inOrder(1200));
        await db.delete(prompts).where(eq(prompts.projectId, projectId));
        await db.execute(sql`update projects set prompt_count = 0, response_count = 0 where id = ${projectId}`);
      } else {
        expect(job).toMatchObject({
          state: 'failed',
          failure: { message: expect.stringMatching(/upload no longer exists/) },
        });
        expect(await rowsOf(db, projectId)).toBe(0);
      }
    }
  });

  it('tries a batch again when the database was away for a moment, also when only the answer was lost', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const { upload, file } = await uploaded(researcher, db, projectId, promptFile(1000));
    const away = () => Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    let transactions = 0;
    const flaky = new Proxy(db, {
      get(target, name, receiver) {
        if (name !== 'transaction') return Reflect.get(target, name, receiver);
        return async (task: Parameters<Database['transaction']>[0]) => {
          const at = ++transactions;
          if (at === 2) throw away();
          const result = await target.transaction(task);
          if (at === 4) throw away();
          return result;
        };
      },
    });
    expect(await importPrompts(researcher, flaky, projectId, file, { upload })).toMatchObject({ imported: 1000 });
    expect(await stored(db, projectId)).toEqual(inOrder(1000));
  });

  it('is cancelled without a trace, and refuses by line whatever was stored before the line', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const { upload, file } = await uploaded(researcher, db, projectId, promptFile(4000));
    const jobId = randomUUID();
    const importing = refusal(importPrompts(researcher, db, projectId, file, { jobId, upload }), 'conflict');
    while (((await getJob(researcher, db, jobId, english)).job?.items ?? 0) < 200) await sleep(5);
    await cancelJob(researcher, db, jobId);
    await importing;
    expect(await rowsOf(db, projectId)).toBe(0);

    const bad = new TextDecoder().decode(promptFile(3000)).replaceAll('"external_id":"p29', '"external_ids":"p29');
    const broken = await uploaded(researcher, db, projectId, encode(bad));
    const again = randomUUID();
    const { details } = await refusal(
      importPrompts(researcher, db, projectId, broken.file, { jobId: again }),
      'invalid',
    );
    // 29, 290 to 299 and 2900 to 2999.
    expect(details).toMatchObject({ errorCount: 111, errors: [{ line: 30 }, { line: 291 }, ...Array(109).fill({})] });
    expect(await rowsOf(db, projectId)).toBe(0);
    expect(await getJob(researcher, db, again, english)).toMatchObject({
      job: { state: 'failed', failure: { errorCount: 111 } },
    });
    expect(await importPrompts(researcher, db, projectId, broken.file, { leaveOut: true })).toEqual({
      imported: 2889,
      unchanged: 0,
      extended: 0,
      leftOut: 111,
    });
  });

  it('previews the beginning of a large file, and says how much of it that is', async () => {
    const db = database();
    const { projectId, researcher } = await projectWithPeople(db);
    const line = { prompt: 'Why?', responses: [{ text: 'A' }, { text: 'B' }] };
    const lines = Array.from({ length: importLimits.previewRows + 5_000 }, (_, i) =>
      JSON.stringify({ id: `p${i}`, ...line }),
    );
    const { file } = await uploaded(researcher, db, projectId, gzipSync(lines.join('\n')));
    const preview = await previewImport(researcher, db, projectId, file, { translate: english });
    expect(preview).toMatchObject({ ok: true, counts: { new: importLimits.previewRows }, errorCount: 0 });
    expect(preview.share).toBeGreaterThan(0.5);
  }, 60_000);
});

/** A database whose server is killed once an import has stored this many prompts: from then on every statement fails. */
function dyingAfter(db: Database, items: number): Database {
  let dead = false;
  return new Proxy(db, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      if (name !== 'transaction') {
        if (dead && typeof value === 'function') {
          return () => {
            throw new Error('killed');
          };
        }
        return value;
      }
      return async (task: Parameters<Database['transaction']>[0]) => {
        if (dead) throw new Error('killed');
        const result = await target.transaction(task);
        const [running] = await target.select().from(jobs).where(sql`state = 'running' and input is not null`);
        dead = (running?.items ?? 0) >= items;
        return result;
      };
    },
  });
}

describe('a running import', () => {
  it('keeps the first of what is wrong, counts all of it, and lets what ends the file outweigh lines left out', () => {
    const reason = { key: 'issues.notObject' };
    const problems = new ImportProblems(true);
    problems.add(Array.from({ length: 1000 }, (_, i) => ({ line: i + 1, reason })));
    expect(problems).toMatchObject({ fatal: false, lines: 1000 });
    expect(problems.isBad(7)).toBe(true);
    problems.add([{ line: 2000, reason, ends: true }]);
    expect(problems).toMatchObject({ fatal: true, lines: 1 });
    expect(problems.refusal().failure).toMatchObject({ lineCount: 1, lines: [{ line: 2000 }] });
  });

  it('takes no file with more bad lines than anybody would leave out', () => {
    const problems = new ImportProblems(true);
    for (let line = 1; line <= importLimits.badLines; line++)
      problems.add([{ line, reason: { key: 'issues.notObject' } }]);
    expect(problems.fatal).toBe(false);
    problems.add([{ line: importLimits.badLines + 1, reason: { key: 'issues.notObject' } }]);
    expect(problems.fatal).toBe(true);
  });
});
