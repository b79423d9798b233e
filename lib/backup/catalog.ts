/** Reads a database's tables from its own catalogue, so that a backup does not depend on the schema's version. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrationsFolder } from '../db/installation';
import { BackupError } from './backup-error';

/** The part of a client that PGlite and pg have in common. */
export interface Queries {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

export interface Table {
  name: string;
  columns: string[];
}

/** Tables that are not backed up: the bytes of unfinished uploads are not in a backup, so neither are their rows. */
const TRANSIENT = new Set(['uploads']);

/** Every table with its stored columns, in foreign-key order: referenced tables come first. */
export async function tablesInOrder(db: Queries): Promise<Table[]> {
  const { rows: tables } = await db.query<Table>(`
    select relname as name, array_agg(attname::text order by attnum) as columns
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace join pg_attribute on attrelid = pg_class.oid
    where nspname = 'public' and relkind = 'r' and attnum > 0 and not attisdropped and attgenerated = ''
    group by relname order by relname`);
  const { rows: references } = await db.query<{ from: string; to: string }>(`
    select distinct source.relname as "from", target.relname as "to"
    from pg_constraint join pg_class source on source.oid = conrelid join pg_class target on target.oid = confrelid
    where contype = 'f' and conrelid <> confrelid`);
  const remaining = tables.filter(({ name }) => !TRANSIENT.has(name));
  const ordered: Table[] = [];
  while (remaining.length > 0) {
    const isBlocked = (name: string) =>
      references.some(({ from, to }) => from === name && remaining.some((t) => t.name === to));
    const next = remaining.findIndex(({ name }) => !isBlocked(name));
    if (next < 0)
      throw new BackupError(`Tables refer to each other in a circle: ${remaining.map(({ name }) => name)}.`);
    ordered.push(...remaining.splice(next, 1));
  }
  return ordered;
}

/** The time of the newest migration that was applied; null for a database without migrations. */
export async function appliedMigration(db: Queries): Promise<number | null> {
  const { rows } = await db.query<{ there: boolean }>(
    `select to_regclass('drizzle.__drizzle_migrations') is not null as there`,
  );
  if (!rows[0]?.there) return null;
  const applied = await db.query<{ latest: string | number | null }>(
    'select max(created_at) as latest from drizzle.__drizzle_migrations',
  );
  const latest = applied.rows[0]?.latest ?? null;
  return latest === null ? null : Number(latest);
}

export interface MigrationJournal {
  entries: { when: number; tag: string }[];
}

export async function migrationJournal(folder = migrationsFolder()): Promise<MigrationJournal> {
  return JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as MigrationJournal;
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
