/**
 * Work on a whole project (an import, a snapshot), done so that nobody has to wait for it: short transactions that write
 * where nobody looks, and a last one that shows everything at once. At whatever moment it ends, there is all of it or
 * nothing. Its row in `jobs` says how far it is, takes a wish to cancel, and keeps a second one out of the project.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '@/lib/auth/permissions';
import { conflict } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { beat, beginJob, endJob, failDeadJobs, jobById } from '@/lib/db/jobs';
import { sweepUnsealed } from '@/lib/db/snapshots';
import { sweepStaged } from '@/lib/db/staging';

export interface Job {
  /** How many steps' worth there is to do. */
  expect(total: number): Promise<void>;
  /** One short transaction; `done` of the total is done with it. Others get their turn before the next. */
  step(done: number, task: (tx: Database) => Promise<void>): Promise<void>;
  /** Nothing is to be shown after all: deletes what was written. */
  discard(): Promise<void>;
  /** The last transaction, which shows what was written. */
  publish<T>(task: (tx: Database) => Promise<T>): Promise<T>;
}

const HEARTBEAT_MS = 4_000;
const WAIT_MS = { first: 20, most: 250 };
/** After a step others get as much time as it took, up to this. */
const MOST_PAUSE_MS = 200;

/**
 * Runs `work` once no other long work is under way in the project.
 * @param jobId what the person who asked follows it by
 * @throws Refusal 'conflict' when somebody cancelled it; whatever `work` throws. What it had written is gone then.
 */
export async function longWork<T>(
  actor: Actor,
  db: Database,
  projectId: string,
  jobId: string | undefined,
  work: (job: Job) => Promise<T>,
): Promise<T> {
  const id = jobId ?? randomUUID();
  await begin(db, { id, projectId, createdBy: actor.userId });
  const timer = setInterval(() => void beat(db, id).catch(() => undefined), HEARTBEAT_MS);
  timer.unref();
  try {
    // A server that died may have left rows of its work.
    await sweep(db, projectId);
    const result = await work(jobOf(db, id, projectId));
    await endJob(db, id, 'done');
    return result;
  } catch (error) {
    const cancelled = error instanceof Cancelled;
    // First the rows, then the state, which lets the next one in.
    await sweep(db, projectId);
    await endJob(db, id, cancelled ? 'cancelled' : 'failed');
    throw cancelled ? conflict('workCancelled') : error;
  } finally {
    clearInterval(timer);
  }
}

/** At the start: ends and sweeps what a server that was killed has left. `alone`: no other server uses this database. */
export async function sweepDeadWork(db: Database, { alone }: { alone: boolean }): Promise<void> {
  for (const projectId of await failDeadJobs(db, { all: alone })) await sweep(db, projectId);
}

class Cancelled extends Error {}

async function begin(db: Database, job: { id: string; projectId: string; createdBy: string }): Promise<void> {
  if (await jobById(db, job.id)) throw conflict('workAlreadyBegun');
  for (let wait = WAIT_MS.first; !(await beginJob(db, job)); wait = Math.min(2 * wait, WAIT_MS.most)) {
    await failDeadJobs(db, { projectId: job.projectId });
    await sleep(wait);
  }
}

function jobOf(db: Database, id: string, projectId: string): Job {
  /** In the transaction of the rows: whoever was given up for dead writes nothing more. */
  const stillWanted = async (tx: Database, progress: { done?: number; total?: number }) => {
    const state = await beat(tx, id, progress);
    if (state === null) throw conflict('workLost');
    if (state.cancelRequested) throw new Cancelled();
  };
  return {
    expect: (total) => stillWanted(db, { total }),
    async step(done, task) {
      const began = performance.now();
      await db.transaction(async (tx) => {
        await stillWanted(tx, { done });
        await task(tx);
      });
      await sleep(Math.min(performance.now() - began, MOST_PAUSE_MS));
    },
    discard: () => sweep(db, projectId),
    publish: (task) =>
      db.transaction(async (tx) => {
        await stillWanted(tx, {});
        const result = await task(tx);
        await endJob(tx, id, 'done');
        return result;
      }),
  };
}

async function sweep(db: Database, projectId: string): Promise<void> {
  while ((await sweepStaged(db, projectId)) || (await sweepUnsealed(db, projectId)));
}
