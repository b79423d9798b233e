import { and, count, eq, gte } from 'drizzle-orm';
import { annotations } from '@/drizzle/schema';
import type { Database } from './client';

/** The number of prompts whose first version this person has stored since then. */
export async function countBegunSince(db: Database, projectId: string, annotatorId: string, since: Date) {
  const [row] = await db
    .select({ n: count() })
    .from(annotations)
    .where(
      and(
        eq(annotations.projectId, projectId),
        eq(annotations.annotatorId, annotatorId),
        eq(annotations.version, 1),
        gte(annotations.createdAt, since),
      ),
    );
  return row?.n ?? 0;
}
