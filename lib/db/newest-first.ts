/** Lists whose rows stand by the moment they were made and then by id, the newest first, page by page. */
import { type AnyColumn, desc, type SQL, sql } from 'drizzle-orm';
import type { MomentPlace } from '@/lib/schemas/cursor';

export interface NewestFirst {
  /** The moment's part of a row's place: as exact as the database has it, which a Date is not. */
  micros: SQL<string>;
  order: SQL[];
  /** The rows that follow a place; all of them without one. */
  following: (place: MomentPlace | null | undefined) => SQL | undefined;
}

export const newestFirst = (at: AnyColumn, id: AnyColumn): NewestFirst => ({
  micros: sql<string>`cast(extract(epoch from ${at}) * 1000000 as bigint)::text`,
  order: [desc(at), desc(id)],
  following: (place) =>
    place
      ? sql`(${at}, ${id}) < (timestamptz 'epoch' + ${place.micros}::bigint * interval '1 microsecond', ${place.id}::uuid)`
      : undefined,
});

/** Of rows that were asked for with one more than a page has: those of the page, and where the next one begins. */
export function pageOf<Row>(
  rows: readonly Row[],
  size: number,
  placeOf: (row: Row) => MomentPlace,
): { shown: Row[]; end: MomentPlace | null } {
  const shown = rows.slice(0, size);
  return { shown, end: rows.length > size ? placeOf(shown.at(-1)!) : null };
}
