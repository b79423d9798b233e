import { and, desc, eq } from 'drizzle-orm';
import { guidelineReadings, guidelineVersions } from '@/drizzle/schema';
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

/** A repeated one changes nothing. */
export async function insertReading(
  db: Database,
  reading: { projectId: string; userId: string; version: number },
): Promise<void> {
  await db.insert(guidelineReadings).values(reading).onConflictDoNothing();
}
