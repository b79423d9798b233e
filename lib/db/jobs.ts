import { and, eq, sql } from 'drizzle-orm';
import { jobs } from '@/drizzle/schema';
import type { Database } from './client';

export type JobRow = typeof jobs.$inferSelect;

/** A job whose last heartbeat is older than this is dead: its server was killed. */
const HEARTBEAT_TIMEOUT = sql`interval '20 seconds'`;
/** clock_timestamp() and not now(), which stays the same throughout a transaction. */
const clock = sql`clock_timestamp()`;

export async function jobById(db: Database, id: string): Promise<JobRow | undefined> {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
  return row;
}

/** Whether a job is writing to the project, as far as anybody knows. */
export async function hasRunningJob(db: Database, projectId: string): Promise<boolean> {
  const running = and(eq(jobs.projectId, projectId), eq(jobs.state, 'running'));
  return (await db.select({ id: jobs.id }).from(jobs).where(running).limit(1)).length > 0;
}

/** Starts a job. @returns false while another job of the project is running */
export async function beginJob(
  db: Database,
  job: { id: string; projectId: string; createdBy: string },
): Promise<boolean> {
  const begun = await db
    .insert(jobs)
    .values({ ...job, heartbeatAt: clock })
    .onConflictDoNothing()
    .returning({ id: jobs.id });
  return begun.length > 0;
}

/** Records a heartbeat and the progress. @returns null when the job is no longer running */
export async function recordHeartbeat(
  db: Database,
  id: string,
  progress: { done?: number; total?: number } = {},
): Promise<{ cancelRequested: boolean } | null> {
  const [row] = await db
    .update(jobs)
    .set({ ...progress, heartbeatAt: clock })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'running')))
    .returning({ cancelRequested: jobs.cancelRequested });
  return row ?? null;
}

/** @returns false when the job was no longer running */
export async function endJob(db: Database, id: string, state: 'done' | 'failed' | 'cancelled'): Promise<boolean> {
  const ended = await db
    .update(jobs)
    .set({ state })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'running')))
    .returning({ id: jobs.id });
  return ended.length > 0;
}

export async function requestCancel(db: Database, id: string): Promise<void> {
  await db.update(jobs).set({ cancelRequested: true }).where(eq(jobs.id, id));
}

/**
 * Marks dead jobs of the project, or of all projects, as failed. `all` also ends live ones: no other server can be
 * running.
 */
export async function failDeadJobs(db: Database, { projectId, all = false }: { projectId?: string; all?: boolean }) {
  const dead = await db
    .update(jobs)
    .set({ state: 'failed' })
    .where(
      and(
        eq(jobs.state, 'running'),
        projectId === undefined ? undefined : eq(jobs.projectId, projectId),
        all ? undefined : sql`${jobs.heartbeatAt} < ${clock} - ${HEARTBEAT_TIMEOUT}`,
      ),
    )
    .returning({ projectId: jobs.projectId });
  return [...new Set(dead.map((row) => row.projectId))];
}
