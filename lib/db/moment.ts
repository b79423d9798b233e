/**
 * An MVCC snapshot of the database, from which pages are read in many short transactions: rows that were committed
 * later
 * are invisible. It holds no lock and keeps no transaction open, since on the embedded database everybody would wait.
 */
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Database } from './client';

/** PostgreSQL's text form of a pg_snapshot: which transactions had ended. */
export type Moment = string;

export async function thisMoment(db: Database): Promise<Moment> {
  const [row] = (await db.select({ moment: sql<string>`pg_current_snapshot()::text` }).from(sql`(select 1) one`)) as [
    { moment: string },
  ];
  return row.moment;
}

/**
 * A condition that a row is visible in the snapshot. The table's rows must only ever be inserted, by transactions
 * without
 * savepoints. A row stores the lower 32 bits of its transaction id; when they exceed those of the next id, the row
 * belongs to the epoch before.
 */
export function wasThere(table: SQLWrapper, moment: Moment): SQL {
  const own = sql`${table}.xmin::text::numeric`;
  const next = sql`pg_snapshot_xmax(pg_current_snapshot())::text::numeric`;
  const epoch = sql`4294967296::numeric`;
  const whole = sql`(${next} - mod(${next}, ${epoch}) + ${own} - case when ${own} > mod(${next}, ${epoch}) then ${epoch} else 0 end)`;
  return sql`pg_visible_in_snapshot(greatest(${whole}, 3)::text::xid8, ${moment}::pg_snapshot)`;
}
