/**
 * Runs a job on a whole project (an import, a snapshot) without making other people wait: short transactions write
 * where nobody sees the rows, and a last one publishes all of them. Whenever the job ends, either all of its result
 * exists or nothing. Its row in `jobs` stores the progress and a cancellation request, and allows one job per project
 * at a time.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '@/lib/auth/permissions';
import { conflict } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { beginJob, endJob, failDeadJobs, jobById, recordHeartbeat } from '@/lib/db/jobs';
import { sweepUnsealed } from '@/lib/db/snapshots';
import { sweepStaged } from '@/lib/db/staging';

export interface Job {
  /** Sets the total that the steps count up to. */
  setTotal(total: number): Promise<void>;
  /** Runs one short transaction, after which `done` of the total is done, and pauses so that other queries can run. */
  step(done: number, task: (tx: Database) => Promise<void>): Promise<void>;
  /** Deletes what was written, when there is nothing to publish after all. */
  discard(): Promise<void>;
  /** Runs the last transaction, which publishes what was written. */
  publish<T>(task: (tx: Database) => Promise<T>): Promise<T>;
}

const HEARTBEAT_MS = 4_000;
const WAIT_MS = { first: 20, most: 250 };
/** The longest pause after a step; the pause is as long as the step took, up to this. */
const MAX_PAUSE_MS = 200;

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
  jobId: string | undefined,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const id = jobId ?? randomUUID();
  await acquireJob(db, { id, projectId, createdBy: actor.userId });
  const timer = setInterval(() => void recordHeartbeat(db, id).catch(() => undefined), HEARTBEAT_MS);
  timer.unref();
  try {
    // A server that died may have left rows of its job.
    await sweep(db, projectId);
    const result = await work(createJob(db, id, projectId));
    await endJob(db, id, 'done');
    return result;
  } catch (error) {
    const cancelled = error instanceof CancelledError;
    // The rows are deleted first, since the job's end lets the next job start.
    await sweep(db, projectId);
    await endJob(db, id, cancelled ? 'cancelled' : 'failed');
    throw cancelled ? conflict('workCancelled') : error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Called at the start: ends the jobs of killed servers and deletes their rows. `alone`: no other server uses this
 * database.
 */
export async function sweepDeadJobs(db: Database, { soleServer }: { soleServer: boolean }): Promise<void> {
  for (const projectId of await failDeadJobs(db, { all: soleServer })) await sweep(db, projectId);
}

class CancelledError extends Error {}

async function acquireJob(db: Database, job: { id: string; projectId: string; createdBy: string }): Promise<void> {
  if (await jobById(db, job.id)) throw conflict('workAlreadyBegun');
  for (let wait = WAIT_MS.first; !(await beginJob(db, job)); wait = Math.min(2 * wait, WAIT_MS.most)) {
    await failDeadJobs(db, { projectId: job.projectId });
    await sleep(wait);
  }
}

function createJob(db: Database, id: string, projectId: string): Job {
  /** Runs in the transaction that writes the rows, so that a job that was taken for dead writes nothing more. */
  const assertNotCancelled = async (tx: Database, progress: { done?: number; total?: number }) => {
    const state = await recordHeartbeat(tx, id, progress);
    if (state === null) throw conflict('workLost');
    if (state.cancelRequested) throw new CancelledError();
  };
  return {
    setTotal: (total) => assertNotCancelled(db, { total }),
    async step(done, task) {
      const startedAt = performance.now();
      await db.transaction(async (tx) => {
        await assertNotCancelled(tx, { done });
        await task(tx);
      });
      await sleep(Math.min(performance.now() - startedAt, MAX_PAUSE_MS));
    },
    discard: () => sweep(db, projectId),
    publish: (task) =>
      db.transaction(async (tx) => {
        await assertNotCancelled(tx, {});
        const result = await task(tx);
        await endJob(tx, id, 'done');
        return result;
      }),
  };
}

async function sweep(db: Database, projectId: string): Promise<void> {
  while ((await sweepStaged(db, projectId)) || (await sweepUnsealed(db, projectId)));
}
