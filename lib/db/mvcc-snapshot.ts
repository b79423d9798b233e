/**
 * An MVCC snapshot of the database, from which pages are read in many short transactions: rows that were committed
 * later are invisible. It holds no lock and keeps no transaction open, since on the embedded database everybody would
 * wait.
 */
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Database } from './client';

/** PostgreSQL's text form of a pg_snapshot: which transactions had ended. */
export type MvccSnapshot = string;

export async function takeMvccSnapshot(db: Database): Promise<MvccSnapshot> {
  const [row] = (await db.select({ snapshot: sql<string>`pg_current_snapshot()::text` }).from(sql`(select 1) one`)) as [
    { snapshot: string },
  ];
  return row.snapshot;
}

/**
 * A condition that a row is visible in the snapshot. The table's rows must only ever be inserted, by transactions
 * without savepoints. A row stores the lower 32 bits of its transaction id; when they exceed those of the next id, the
 * row belongs to the epoch before.
 */
export function isVisibleIn(table: SQLWrapper, snapshot: MvccSnapshot): SQL {
  const rowXid = sql`${table}.xmin::text::numeric`;
  const nextXid = sql`pg_snapshot_xmax(pg_current_snapshot())::text::numeric`;
  const epoch = sql`4294967296::numeric`;
  const fullXid = sql`(${nextXid} - mod(${nextXid}, ${epoch}) + ${rowXid} - case when ${rowXid} > mod(${nextXid}, ${epoch}) then ${epoch} else 0 end)`;
  return sql`pg_visible_in_snapshot(greatest(${fullXid}, 3)::text::xid8, ${snapshot}::pg_snapshot)`;
}
