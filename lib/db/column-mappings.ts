import { and, desc, eq, inArray } from 'drizzle-orm';
import { columnMappings } from '@/drizzle/schema';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { Database } from './client';

/** The sets of columns that a project remembers; those that were used last. */
const MOST = 100;

/** @param columns the hash of their names */
export async function rememberedMapping(
  db: Database,
  projectId: string,
  columns: string,
): Promise<ColumnMapping | null> {
  const [row] = await db
    .select({ mapping: columnMappings.mapping })
    .from(columnMappings)
    .where(and(eq(columnMappings.projectId, projectId), eq(columnMappings.columns, columns)));
  return row?.mapping ?? null;
}

export async function rememberMapping(
  tx: Database,
  projectId: string,
  { columns, mapping }: { columns: string; mapping: ColumnMapping },
): Promise<void> {
  const updatedAt = new Date();
  await tx
    .insert(columnMappings)
    .values({ projectId, columns, mapping, updatedAt })
    .onConflictDoUpdate({ target: [columnMappings.projectId, columnMappings.columns], set: { mapping, updatedAt } });
  const old = await tx
    .select({ columns: columnMappings.columns })
    .from(columnMappings)
    .where(eq(columnMappings.projectId, projectId))
    .orderBy(desc(columnMappings.updatedAt), desc(columnMappings.columns))
    .offset(MOST);
  if (old.length === 0) return;
  const names = old.map((row) => row.columns);
  await tx
    .delete(columnMappings)
    .where(and(eq(columnMappings.projectId, projectId), inArray(columnMappings.columns, names)));
}
