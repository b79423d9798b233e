import { and, desc, eq, lte } from 'drizzle-orm';
import { guidelineReadings, guidelineVersions, users } from '@/drizzle/schema';
import type { Database } from './client';

export type GuidelineRow = typeof guidelineVersions.$inferSelect;

export async function currentGuidelines(db: Database, projectId: string): Promise<GuidelineRow | null> {
  const [row] = await db
    .select()
    .from(guidelineVersions)
    .where(eq(guidelineVersions.projectId, projectId))
    .orderBy(desc(guidelineVersions.version))
    .limit(1);
  return row ?? null;
}

/** All versions, newest first, without their texts. */
export async function guidelineAuthors(
  db: Database,
  projectId: string,
): Promise<{ version: number; author: string | null; createdAt: Date }[]> {
  return db
    .select({ version: guidelineVersions.version, author: users.name, createdAt: guidelineVersions.createdAt })
    .from(guidelineVersions)
    .leftJoin(users, eq(users.id, guidelineVersions.createdBy))
    .where(eq(guidelineVersions.projectId, projectId))
    .orderBy(desc(guidelineVersions.version));
}

/** The newest `count` versions up to this one, newest first. */
export async function guidelinesUpTo(
  db: Database,
  projectId: string,
  version: number,
  count: number,
): Promise<GuidelineRow[]> {
  return db
    .select()
    .from(guidelineVersions)
    .where(and(eq(guidelineVersions.projectId, projectId), lte(guidelineVersions.version, version)))
    .orderBy(desc(guidelineVersions.version))
    .limit(count);
}

/** Call inside a transaction; a version that is taken violates a constraint. */
export async function insertGuidelines(
  tx: Database,
  values: Omit<typeof guidelineVersions.$inferInsert, 'createdAt'>,
): Promise<GuidelineRow> {
  const [row] = await tx.insert(guidelineVersions).values(values).returning();
  return row!;
}

/** The newest version that the person has acknowledged. */
export async function acknowledgedGuidelines(
  db: Database,
  projectId: string,
  userId: string,
): Promise<GuidelineRow | null> {
  const [row] = await db
    .select({ version: guidelineVersions })
    .from(guidelineReadings)
    .innerJoin(
      guidelineVersions,
      and(
        eq(guidelineVersions.projectId, guidelineReadings.projectId),
        eq(guidelineVersions.version, guidelineReadings.version),
      ),
    )
    .where(and(eq(guidelineReadings.projectId, projectId), eq(guidelineReadings.userId, userId)))
    .orderBy(desc(guidelineReadings.version))
    .limit(1);
  return row?.version ?? null;
}

/** A repeated acknowledgement changes nothing. */
export async function insertReading(
  db: Database,
  reading: { projectId: string; userId: string; version: number },
): Promise<void> {
  await db.insert(guidelineReadings).values(reading).onConflictDoNothing();
}
