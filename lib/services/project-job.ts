/**
 * Runs a job on a whole project (an import, a snapshot) without making other people wait: short transactions write
 * where nobody sees the rows, and a last one publishes all of them. Whenever the job ends, either all of its result
 * exists or nothing. Its row in `jobs` stores the progress and a cancellation request, and allows one job per project
 * at a time.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, Refusal } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { isPassing } from '@/lib/db/error-causes';
import { giveWay } from '@/lib/db/give-way';
import { beginJob, endJob, failDeadJobs, type JobRow, jobById, recordHeartbeat, takeOverDeadJobs } from '@/lib/db/jobs';
import { sweepUnsealed } from '@/lib/db/snapshots';
import { sweepStaged } from '@/lib/db/staging';
import { firstErrors } from '@/lib/formats/first-errors';
import type { JobFailure, JobInput } from '@/lib/schemas/job';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import type { BadLine, Message } from '@/trainer/contract/message';

export interface Job {
  readonly id: string;
  /** Items that were stored before, by a server that died. */
  readonly items: number;
  /** What that server had already published. */
  readonly result: ImportResult | null;
  /** Sets the total that the steps count up to. */
  setTotal(total: number): Promise<void>;
  setDone(done: number): Promise<void>;
  /**
   * Runs one short transaction, after which `done` of the total and `items` are done, and gives way to other queries. What
   * fails because the database was away is tried again.
   * @returns how long the transaction took, in milliseconds
   */
  step(done: number, task: (tx: Database) => Promise<void>, items?: number): Promise<number>;
  /** Deletes what was written, when there is nothing to publish after all. */
  discard(): Promise<void>;
  /** Runs the last transaction, which publishes what was written. */
  publish<T>(task: (tx: Database) => Promise<T>, result?: ImportResult): Promise<T>;
  /** Runs a transaction that publishes what was written, after which there is more to do. */
  publishPart(result: ImportResult, task: (tx: Database) => Promise<void>): Promise<void>;
}

export interface JobStart {
  id?: string | undefined;
  /** With which another server can go on, should this one die. */
  input?: JobInput | undefined;
}

const HEARTBEAT_MS = 4_000;
const WAIT_MS = { first: 20, most: 250 };
/** Before a step that failed is tried again; together, not much longer than a job may be silent. */
const RETRY_AFTER_MS = [250, 1_000, 4_000, 8_000];

/**
 * Jobs of this process, whatever bundle of it runs them. None of them is dead, however long the process was asleep.
 */
const processState = globalThis as { rescueOwnJobs?: Set<string> };
processState.rescueOwnJobs ??= new Set();
const ownJobs = processState.rescueOwnJobs;

/**
 * Runs `work` once no other job of the project is running.
 * @param jobId by which the client follows the job
 * @throws Refusal 'conflict' when the job was cancelled; whatever `work` throws. The rows that it wrote are deleted
 * then.
 */
export async function runProjectJob<T>(
  actor: Actor,
  db: Database,
  projectId: string,
  jobId: string | JobStart | undefined,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const { id = randomUUID(), input }: JobStart = typeof jobId === 'string' ? { id: jobId } : (jobId ?? {});
  await acquireJob(db, { id, projectId, createdBy: actor.userId, input });
  return live(db, { id, projectId, items: 0, result: null }, async (job) => {
    // A server that died may have left rows of its job.
    await sweep(db, projectId);
    return work(job);
  });
}

/** Goes on with the job of a server that died, which was taken over. */
export function resumeProjectJob<T>(db: Database, row: JobRow, work: (job: Job) => Promise<T>): Promise<T> {
  return live(db, row, work);
}

async function live<T>(
  db: Database,
  row: Pick<JobRow, 'id' | 'projectId' | 'items' | 'result'>,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const { id, projectId } = row;
  const timer = setInterval(() => void recordHeartbeat(db, id).catch(() => undefined), HEARTBEAT_MS);
  timer.unref();
  ownJobs.add(id);
  try {
    const result = await work(createJob(db, row));
    await endJob(db, id, 'done');
    return result;
  } catch (error) {
    const cancelled = error instanceof CancelledError;
    // The rows are deleted first, since the job's end lets the next job start.
    await sweep(db, projectId);
    await endJob(db, id, cancelled ? 'cancelled' : 'failed', { failure: failureOf(error) });
    throw cancelled ? conflict('workCancelled') : error;
  } finally {
    clearInterval(timer);
    ownJobs.delete(id);
  }
}

/**
 * Goes on with the jobs of killed servers that can be gone on with, ends the others and deletes their rows. `soleServer`:
 * no other server uses this database, and this one has begun no job yet.
 */
export async function sweepDeadJobs(
  db: Database,
  { soleServer, resume }: { soleServer: boolean; resume?: (row: JobRow) => Promise<unknown> },
): Promise<void> {
  const own = soleServer ? [] : [...ownJobs];
  const taken = resume ? await takeOverDeadJobs(db, { all: soleServer, except: own }) : [];
  const except = [...own, ...taken.map(({ id }) => id)];
  for (const projectId of await failDeadJobs(db, { all: soleServer, except })) await sweep(db, projectId);
  // All at once: a job that waited in silence would be taken for dead.
  await Promise.all(taken.map((row) => resume?.(row)));
}

class CancelledError extends Error {}

/** A refusal that says which lines are bad can be told later, too. */
export class RefusedLines extends Refusal {
  constructor(
    message: Message,
    private readonly lines: BadLine[],
    private readonly lineCount: number,
  ) {
    super('invalid', message, (translate) => ({ ...firstErrors(lines, translate), errorCount: lineCount }));
  }

  get failure(): JobFailure {
    return { message: this.translatable, lines: this.lines, lineCount: this.lineCount };
  }
}

function failureOf(error: unknown): JobFailure | undefined {
  if (error instanceof RefusedLines) return error.failure;
  return error instanceof Refusal ? { message: error.translatable, lines: [], lineCount: 0 } : undefined;
}

async function acquireJob(
  db: Database,
  job: { id: string; projectId: string; createdBy: string; input: JobInput | undefined },
): Promise<void> {
  if (await jobById(db, job.id)) throw conflict('workAlreadyBegun');
  for (let wait = WAIT_MS.first; !(await beginJob(db, job)); wait = Math.min(2 * wait, WAIT_MS.most)) {
    await failDeadJobs(db, { projectId: job.projectId });
    await sleep(wait);
  }
}

function createJob(
  db: Database,
  { id, projectId, items, result }: Pick<JobRow, 'id' | 'projectId' | 'items' | 'result'>,
): Job {
  /** Runs in the transaction that writes the rows, so that a job that was taken for dead writes nothing more. */
  const assertNotCancelled = async (tx: Database, progress: Parameters<typeof recordHeartbeat>[2]) => {
    const state = await recordHeartbeat(tx, id, progress);
    if (state === null) throw conflict('workLost');
    if (state.cancelRequested) throw new CancelledError();
  };
  return {
    id,
    items,
    result,
    setTotal: (total) => assertNotCancelled(db, { total }),
    setDone: (done) => assertNotCancelled(db, { done }),
    async step(done, task, items) {
      const startedAt = performance.now();
      const once = () =>
        db.transaction(async (tx) => {
          await assertNotCancelled(tx, { done, ...(items !== undefined && { items }) });
          await task(tx);
        });
      // The answer to a commit may be lost, too: then the items are there.
      await retried(once, async () => items !== undefined && (await jobById(db, id))?.items === items);
      const took = performance.now() - startedAt;
      await giveWay(db, took);
      return took;
    },
    discard: () => sweep(db, projectId),
    publish: (task, result) =>
      db.transaction(async (tx) => {
        await assertNotCancelled(tx, {});
        const published = await task(tx);
        await endJob(tx, id, 'done', { result });
        return published;
      }),
    publishPart: (result, task) =>
      db.transaction(async (tx) => {
        await assertNotCancelled(tx, { result });
        await task(tx);
      }),
  };
}

/** Tries again what failed because the database was away, unless it had been done all the same. */
export async function retried<T>(task: () => Promise<T>, isDone?: () => Promise<boolean>): Promise<T | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      if (attempt > 0 && (await isDone?.())) return undefined;
      return await task();
    } catch (error) {
      const wait = RETRY_AFTER_MS[attempt];
      if (wait === undefined || !isPassing(error)) throw error;
      await sleep(wait);
    }
  }
}

async function sweep(db: Database, projectId: string): Promise<void> {
  await sweepStaged(db, projectId);
  while (await sweepUnsealed(db, projectId));
}
