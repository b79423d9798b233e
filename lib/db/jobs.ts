import { and, eq, isNotNull, notInArray, sql } from 'drizzle-orm';
import { jobs } from '@/drizzle/schema';
import type { JobFailure, JobInput } from '@/lib/schemas/job';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import type { Database } from './client';

export type JobRow = typeof jobs.$inferSelect;

/** A job whose last heartbeat is older than this is dead: its server was killed. */
export const DEAD_AFTER_MS = 20_000;
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
  job: { id: string; projectId: string; createdBy: string; input?: JobInput | undefined },
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
  progress: { done?: number; total?: number; items?: number; result?: ImportResult } = {},
): Promise<{ cancelRequested: boolean } | null> {
  const [row] = await db
    .update(jobs)
    .set({ ...progress, heartbeatAt: clock })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'running')))
    .returning({ cancelRequested: jobs.cancelRequested });
  return row ?? null;
}

/** @returns false when the job was no longer running */
export async function endJob(
  db: Database,
  id: string,
  state: 'done' | 'failed' | 'cancelled',
  what: { result?: ImportResult | undefined; failure?: JobFailure | undefined } = {},
): Promise<boolean> {
  const { result, failure } = what;
  const ended = await db
    .update(jobs)
    .set({ state, ...(result && { result }), ...(failure && { failure: JSON.stringify(failure) }) })
    .where(and(eq(jobs.id, id), eq(jobs.state, 'running')))
    .returning({ id: jobs.id });
  return ended.length > 0;
}

export async function requestCancel(db: Database, id: string): Promise<void> {
  await db.update(jobs).set({ cancelRequested: true }).where(eq(jobs.id, id));
}

interface DeadJobs {
  /** All running jobs are dead, since no other server can be running. */
  readonly all?: boolean;
  /** Jobs that are not, whatever their heartbeat says. */
  readonly except?: readonly string[];
}

const isDead = ({ all = false, except = [] }: DeadJobs) =>
  and(
    eq(jobs.state, 'running'),
    all ? undefined : sql`${jobs.heartbeatAt} < ${clock} - ${DEAD_AFTER_MS} * interval '1 millisecond'`,
    except.length > 0 ? notInArray(jobs.id, [...except]) : undefined,
  );

/** Takes dead jobs over that can be gone on with: to all other servers they live again. */
export function takeOverDeadJobs(db: Database, dead: DeadJobs): Promise<JobRow[]> {
  return db
    .update(jobs)
    .set({ heartbeatAt: clock })
    .where(and(isDead(dead), isNotNull(jobs.input), eq(jobs.cancelRequested, false)))
    .returning();
}

/** Marks dead jobs of the project, or of all projects, as failed. */
export async function failDeadJobs(db: Database, { projectId, ...which }: DeadJobs & { projectId?: string }) {
  const dead = await db
    .update(jobs)
    .set({ state: 'failed' })
    .where(and(isDead(which), projectId === undefined ? undefined : eq(jobs.projectId, projectId)))
    .returning({ projectId: jobs.projectId });
  return [...new Set(dead.map((row) => row.projectId))];
}

/** Ids of the uploads that a running import reads. */
export async function uploadsInUse(db: Database): Promise<Set<string>> {
  const rows = await db
    .select({ upload: sql<string>`${jobs.input}->>'upload'` })
    .from(jobs)
    .where(and(eq(jobs.state, 'running'), isNotNull(jobs.input)));
  return new Set(rows.map(({ upload }) => upload));
}
