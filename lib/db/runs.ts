import { and, asc, count, eq, isNotNull, or, sql } from 'drizzle-orm';
import { models, runFiles, runMetrics, runs, scores, snapshots } from '@/drizzle/schema';
import type { MomentPlace } from '@/lib/schemas/cursor';
import type { RunMetric } from '@/trainer/contract/run-event';
import type { Database } from './client';
import { newestFirst } from './newest-first';

export type RunRow = typeof runs.$inferSelect;
export type RunFileRow = typeof runFiles.$inferSelect;

export async function insertRun(db: Database, run: typeof runs.$inferInsert): Promise<RunRow> {
  const [row] = await db.insert(runs).values(run).returning();
  return row!;
}

/** A run with the names of its snapshot and of the model that it started from. */
export interface NamedRun {
  run: RunRow;
  snapshotName: string;
  modelName: string;
  /** Counts the runs of the project from 1. */
  number: number;
  /** When it was made; see newest-first.ts. */
  micros: string;
}

const runNumber = sql<number>`(
  select count(*)::int from ${runs} earlier
  where earlier.project_id = ${runs.projectId} and (earlier.created_at, earlier.id) <= (${runs.createdAt}, ${runs.id})
)`;

const newest = newestFirst(runs.createdAt, runs.id);

/** The runs of a project, newest first, from a place on; or one run wherever it is. */
export function namedRuns(
  db: Database,
  where: { projectId: string; after: MomentPlace | undefined; limit: number } | { runId: string },
): Promise<NamedRun[]> {
  const isOne = 'runId' in where;
  return db
    .select({
      run: runs,
      snapshotName: snapshots.name,
      modelName: models.name,
      number: runNumber,
      micros: newest.micros,
    })
    .from(runs)
    .innerJoin(snapshots, eq(snapshots.id, runs.snapshotId))
    .innerJoin(models, eq(models.id, runs.modelId))
    .where(isOne ? eq(runs.id, where.runId) : and(eq(runs.projectId, where.projectId), newest.following(where.after)))
    .orderBy(...newest.order)
    .limit(isOne ? 1 : where.limit);
}

export async function runById(db: Database, id: string): Promise<RunRow | undefined> {
  const [row] = await db.select().from(runs).where(eq(runs.id, id));
  return row;
}

/** Locks the run's row until the transaction ends, so that reports and the end of one run are serialised. */
export async function lockRun(tx: Database, id: string): Promise<RunRow | undefined> {
  const [row] = await tx.select().from(runs).where(eq(runs.id, id)).for('update');
  return row;
}

export async function updateRun(db: Database, id: string, set: Partial<typeof runs.$inferInsert>): Promise<RunRow> {
  const [row] = await db.update(runs).set(set).where(eq(runs.id, id)).returning();
  return row!;
}

/** A step reported again replaces its numbers. Steps must differ within one call. */
export async function upsertMetrics(db: Database, runId: string, metrics: readonly RunMetric[]): Promise<void> {
  const columns = [
    'epoch',
    'sft_loss',
    'rank_loss',
    'loss',
    'learning_rate',
    'grad_norm',
    'held_out_accuracy',
    'elapsed_ms',
  ];
  const keys = ['epoch', 'sftLoss', 'rankLoss', 'loss', 'learningRate', 'gradNorm', 'heldOutAccuracy', 'elapsedMs'];
  const set = Object.fromEntries(keys.map((key, i) => [key, sql.raw(`excluded.${columns[i]}`)]));
  for (let start = 0; start < metrics.length; start += 500) {
    await db
      .insert(runMetrics)
      .values(metrics.slice(start, start + 500).map((metric) => ({ runId, ...metric })))
      .onConflictDoUpdate({ target: [runMetrics.runId, runMetrics.step], set });
  }
}

/** In step order. Long runs are thinned to about `limit` rows; steps that measured the held-out accuracy stay. */
export async function metricsOf(db: Database, runId: string, limit = 2000): Promise<RunMetric[]> {
  const [total] = await db.select({ n: count() }).from(runMetrics).where(eq(runMetrics.runId, runId));
  const every = Math.max(1, Math.ceil((total?.n ?? 0) / limit));
  const rows = await db
    .select()
    .from(runMetrics)
    .where(
      and(
        eq(runMetrics.runId, runId),
        every === 1 ? undefined : or(isNotNull(runMetrics.heldOutAccuracy), sql`${runMetrics.step} % ${every} = 0`),
      ),
    )
    .orderBy(asc(runMetrics.step));
  return rows.map(({ runId: _, ...metric }) => metric);
}

export function listRunFiles(db: Database, runId: string): Promise<RunFileRow[]> {
  return db.select().from(runFiles).where(eq(runFiles.runId, runId)).orderBy(asc(runFiles.name));
}

export async function findRunFile(db: Database, runId: string, name: string): Promise<RunFileRow | undefined> {
  const [row] = await db
    .select()
    .from(runFiles)
    .where(and(eq(runFiles.runId, runId), eq(runFiles.name, name)));
  return row;
}

export async function upsertRunFile(
  db: Database,
  file: { runId: string; name: string; sha256: string; bytes: number },
): Promise<RunFileRow> {
  const [row] = await db
    .insert(runFiles)
    .values(file)
    .onConflictDoUpdate({
      target: [runFiles.runId, runFiles.name],
      set: { sha256: file.sha256, bytes: file.bytes, createdAt: sql`now()` },
    })
    .returning();
  return row!;
}

/** The ids of a project's runs, oldest first. */
export function runsOfProject(db: Database, projectId: string): Promise<{ id: string }[]> {
  return db.select({ id: runs.id }).from(runs).where(eq(runs.projectId, projectId)).orderBy(asc(runs.createdAt));
}

export async function deleteRunFile(db: Database, runId: string, name: string): Promise<void> {
  await db.delete(runFiles).where(and(eq(runFiles.runId, runId), eq(runFiles.name, name)));
}

/** Rows that are deleted per statement. */
const SWEEP_BATCH = 2000;

/** Deletes some of a run's scores and metrics, and finally the run. @returns whether there may be more */
export async function sweepRun(db: Database, runId: string): Promise<boolean> {
  for (const table of [scores, runMetrics]) {
    const { rows } = (await db.execute(sql`delete from ${table} where ctid = any(array(
      select ctid from ${table} where run_id = ${runId} limit ${SWEEP_BATCH})) returning 1`)) as unknown as {
      rows: unknown[];
    };
    if (rows.length > 0) return true;
  }
  await db.delete(runs).where(eq(runs.id, runId));
  return false;
}
