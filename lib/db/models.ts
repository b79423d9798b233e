import { and, asc, eq, ne, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { addedModels, models, runs } from '@/drizzle/schema';
import type { Database } from './client';

export type ModelRow = typeof models.$inferSelect;

/** The models that everybody may use, and those trained by runs of these projects. */
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

/** An arbitrary constant that no other advisory lock of this program uses. */
const MODEL_NAMES_LOCK = 0x4e414d45;

/** Two models may be added at once; the second waits until the first one's transaction ends before it takes a name. */
export async function lockModelNames(tx: Database): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${MODEL_NAMES_LOCK})`);
}

/** The names of all models, including those that are still being added. */
export async function takenModelNames(db: Database): Promise<string[]> {
  const rows = [
    ...(await db.select({ name: models.name }).from(models)),
    ...(await db.select({ name: addedModels.name }).from(addedModels)),
  ];
  return rows.map(({ name }) => name);
}

/** Inserts the model, or updates the name and parameter count of the one with that id. */
export async function upsertModel(db: Database, model: typeof models.$inferInsert): Promise<ModelRow> {
  const [row] = await db
    .insert(models)
    .values(model)
    .onConflictDoUpdate({ target: models.id, set: { name: model.name, parameters: model.parameters } })
    .returning();
  return row!;
}

/** The models trained in this project from which runs of other projects started. */
export function modelsUsedElsewhere(db: Database, projectId: string): Promise<{ name: string }[]> {
  const users = alias(runs, 'users');
  return db
    .selectDistinct({ name: models.name })
    .from(models)
    .innerJoin(runs, eq(runs.id, models.runId))
    .innerJoin(users, eq(users.modelId, models.id))
    .where(and(eq(runs.projectId, projectId), ne(users.projectId, projectId)));
}

/** No run of another project may have started from them; those of this project that did must be gone. */
export async function deleteModelOfRun(db: Database, runId: string): Promise<void> {
  await db.delete(models).where(eq(models.runId, runId));
}
