/**
 * One moment of the database, to read from page by page in many short transactions: rows that were committed later are
 * not seen. It holds no lock and keeps no transaction open, since on the embedded database everybody would wait for it.
 */
import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Database } from './client';

/** PostgreSQL's own text of a snapshot: which transactions had ended. */
export type Moment = string;

export async function thisMoment(db: Database): Promise<Moment> {
  const [row] = (await db.select({ moment: sql<string>`pg_current_snapshot()::text` }).from(sql`(select 1) one`)) as [
    { moment: string },
  ];
  return row.moment;
}

/**
 * On a table whose rows are only ever inserted, by transactions without savepoints: the row was there at the moment.
 * A row names its transaction by the lower half of the number; one above the next to come is of the epoch before.
 */
export function wasThere(table: SQLWrapper, moment: Moment): SQL {
  const own = sql`${table}.xmin::text::numeric`;
  const next = sql`pg_snapshot_xmax(pg_current_snapshot())::text::numeric`;
  const epoch = sql`4294967296::numeric`;
  const whole = sql`(${next} - mod(${next}, ${epoch}) + ${own} - case when ${own} > mod(${next}, ${epoch}) then ${epoch} else 0 end)`;
  return sql`pg_visible_in_snapshot(greatest(${whole}, 3)::text::xid8, ${moment}::pg_snapshot)`;
}
