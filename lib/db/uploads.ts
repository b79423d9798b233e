import { and, asc, eq, isNull, lt, notInArray } from 'drizzle-orm';
import { uploads } from '@/drizzle/schema';
import type { Database } from './client';

export type UploadRow = typeof uploads.$inferSelect;
export type UploadIdentity = Pick<UploadRow, 'userId' | 'projectId' | 'modelId' | 'name' | 'bytes'>;

export async function insertUpload(db: Database, upload: UploadIdentity): Promise<UploadRow> {
  const [row] = await db.insert(uploads).values(upload).returning();
  return row!;
}

/** The upload of the same file by the same person to the same destination. */
export async function findUpload(
  db: Database,
  { userId, projectId, modelId, name, bytes }: UploadIdentity,
): Promise<UploadRow | undefined> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(
      and(
        eq(uploads.userId, userId),
        projectId === null ? isNull(uploads.projectId) : eq(uploads.projectId, projectId),
        modelId === null ? isNull(uploads.modelId) : eq(uploads.modelId, modelId),
        eq(uploads.name, name),
        eq(uploads.bytes, bytes),
      ),
    );
  return row;
}

export async function uploadById(db: Database, id: string): Promise<UploadRow | undefined> {
  const [row] = await db.select().from(uploads).where(eq(uploads.id, id));
  return row;
}

/** The person's uploads into projects, least recently used first. */
export function listProjectUploads(db: Database, userId: string): Promise<UploadRow[]> {
  return db
    .select()
    .from(uploads)
    .where(and(eq(uploads.userId, userId), isNull(uploads.modelId)))
    .orderBy(asc(uploads.updatedAt), asc(uploads.id));
}

export function uploadsOfModel(db: Database, modelId: string): Promise<UploadRow[]> {
  return db.select().from(uploads).where(eq(uploads.modelId, modelId));
}

export function uploadsOfProject(db: Database, projectId: string): Promise<UploadRow[]> {
  return db.select().from(uploads).where(eq(uploads.projectId, projectId));
}

export async function touchUpload(db: Database, id: string, set: { sha256?: string | null } = {}): Promise<void> {
  await db
    .update(uploads)
    .set({ ...set, updatedAt: new Date() })
    .where(eq(uploads.id, id));
}

export async function deleteUpload(db: Database, id: string): Promise<void> {
  await db.delete(uploads).where(eq(uploads.id, id));
}

export async function deleteUploadsBefore(db: Database, time: Date, except: ReadonlySet<string>): Promise<void> {
  const kept = except.size > 0 ? notInArray(uploads.id, [...except]) : undefined;
  await db.delete(uploads).where(and(lt(uploads.updatedAt, time), kept));
}

export async function uploadIds(db: Database): Promise<Set<string>> {
  return new Set((await db.select({ id: uploads.id }).from(uploads)).map(({ id }) => id));
}
