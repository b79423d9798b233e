import { and, eq, inArray, sql } from 'drizzle-orm';
import { projects } from '@/drizzle/schema';
import type { Database } from './client';

/** An arbitrary constant that no other advisory lock of this program uses. */
const DEMO_LOCK = 0x44454d4f;

/** Two people may load the demo at once; the second waits until the first one's transaction ends. */
export async function lockDemo(tx: Database): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${DEMO_LOCK})`);
}

/** Project name -> project id. */
export async function demoProjects(db: Database): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: projects.id, name: projects.name })
    .from(projects)
    .where(and(eq(projects.isDemo, true), inArray(projects.state, ['active', 'archived'])));
  return new Map(rows.map(({ id, name }) => [name, id]));
}
