import { eq, sql } from 'drizzle-orm';
import { projects } from '@/drizzle/schema';
import type { Database } from './client';

/** Any constant that no other lock of this program uses. */
const DEMO_LOCK = 0x44454d4f;

/** Two people may press the button at once: until the transaction ends, one waits for the other. */
export async function lockDemo(tx: Database): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${DEMO_LOCK})`);
}

/** Name -> id. */
export async function demoProjects(db: Database): Promise<Map<string, string>> {
  const rows = await db
    .select({ id: projects.id, name: projects.name })
    .from(projects)
    .where(eq(projects.isDemo, true));
  return new Map(rows.map(({ id, name }) => [name, id]));
}
