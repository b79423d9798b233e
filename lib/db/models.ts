import { asc, eq } from 'drizzle-orm';
import { models, runs } from '@/drizzle/schema';
import type { Database } from './client';

export type ModelRow = typeof models.$inferSelect;

/** Models for everybody, and those of the runs of these projects. */
export async function listModelRows(db: Database, projectIds: ReadonlySet<string> | 'all'): Promise<ModelRow[]> {
  const rows = await db
    .select({ model: models, projectId: runs.projectId })
    .from(models)
    .leftJoin(runs, eq(runs.id, models.runId))
    .orderBy(asc(models.createdAt), asc(models.id));
  return rows
    .filter(({ model, projectId }) => model.kind !== 'run' || projectIds === 'all' || projectIds.has(projectId ?? ''))
    .map(({ model }) => model);
}

export async function modelById(db: Database, id: string): Promise<ModelRow | undefined> {
  const [row] = await db.select().from(models).where(eq(models.id, id));
  return row;
}

export async function modelOfRun(db: Database, runId: string): Promise<ModelRow | undefined> {
  const [row] = await db.select().from(models).where(eq(models.runId, runId));
  return row;
}

/** Inserts, or leaves the one of that id with its parameter count brought up to date. */
export async function putModel(db: Database, model: typeof models.$inferInsert): Promise<ModelRow> {
  const [row] = await db
    .insert(models)
    .values(model)
    .onConflictDoUpdate({ target: models.id, set: { name: model.name, parameters: model.parameters } })
    .returning();
  return row!;
}
