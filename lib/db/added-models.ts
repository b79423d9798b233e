import { and, asc, count, eq, isNotNull } from 'drizzle-orm';
import { addedModelFiles, addedModels, models, runFiles, runs } from '@/drizzle/schema';
import type { Database } from './client';

export type AddedModelRow = typeof addedModels.$inferSelect;
export type AddedModelFileRow = typeof addedModelFiles.$inferSelect;

export async function insertAddedModel(
  db: Database,
  model: typeof addedModels.$inferInsert,
  files: readonly Omit<typeof addedModelFiles.$inferInsert, 'modelId'>[],
): Promise<AddedModelRow> {
  const [row] = await db.insert(addedModels).values(model).returning();
  await db.insert(addedModelFiles).values(files.map((file) => ({ ...file, modelId: row!.id })));
  return row!;
}

/** All added models, oldest first. */
export function listAddedModelRows(db: Database): Promise<AddedModelRow[]> {
  return db.select().from(addedModels).orderBy(asc(addedModels.createdAt), asc(addedModels.id));
}

export async function addedModelById(db: Database, id: string): Promise<AddedModelRow | undefined> {
  const [row] = await db.select().from(addedModels).where(eq(addedModels.id, id));
  return row;
}

export function listAddedModelFiles(db: Database, modelId: string): Promise<AddedModelFileRow[]> {
  return db
    .select()
    .from(addedModelFiles)
    .where(eq(addedModelFiles.modelId, modelId))
    .orderBy(asc(addedModelFiles.name));
}

export async function setStoredHash(db: Database, modelId: string, name: string, sha256: string): Promise<void> {
  await db
    .update(addedModelFiles)
    .set({ sha256 })
    .where(and(eq(addedModelFiles.modelId, modelId), eq(addedModelFiles.name, name)));
}

/** For files that the model turned out not to need. */
export async function deleteAddedModelFile(db: Database, modelId: string, name: string): Promise<void> {
  await db.delete(addedModelFiles).where(and(eq(addedModelFiles.modelId, modelId), eq(addedModelFiles.name, name)));
}

/** Deletes the added model and its row in `models`; no run may refer to it. */
export async function deleteAddedModel(db: Database, id: string): Promise<void> {
  await db.delete(models).where(eq(models.id, id));
  await db.delete(addedModels).where(eq(addedModels.id, id));
}

export async function countRunsOfModel(db: Database, modelId: string): Promise<number> {
  const [row] = await db.select({ n: count() }).from(runs).where(eq(runs.modelId, modelId));
  return row?.n ?? 0;
}

/** How many files of runs and models have this hash. Their bytes are stored once. */
export async function countFilesByHash(db: Database, sha256: string): Promise<number> {
  const [ofRuns] = await db.select({ n: count() }).from(runFiles).where(eq(runFiles.sha256, sha256));
  const [ofModels] = await db
    .select({ n: count() })
    .from(addedModelFiles)
    .where(and(isNotNull(addedModelFiles.sha256), eq(addedModelFiles.sha256, sha256)));
  return (ofRuns?.n ?? 0) + (ofModels?.n ?? 0);
}
