import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt, id } from './columns';
import { projectReference } from './references';

export const snapshots = pgTable(
  'snapshots',
  {
    id: id(),
    projectId: projectReference(),
    name: text('name').notNull(),
    /** SHA-256 over the canonical records; two snapshots are the same when their hashes are equal. */
    hash: text('hash').notNull(),
    /** The contents of snapshot.json. */
    header: jsonb('header').notNull(),
    promptCount: integer('prompt_count').notNull(),
    pairCount: integer('pair_count').notNull(),
    /** False while its records are being written; unsealed snapshots are hidden. */
    sealed: boolean('sealed').notNull().default(true),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('snapshots_hash').on(table.projectId, table.hash),
    index('snapshots_newest').on(table.projectId, table.createdAt),
  ],
);

export const snapshotRecords = pgTable(
  'snapshot_records',
  {
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => snapshots.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    /** The record's canonical JSON text, byte for byte what an export contains. */
    record: text('record').notNull(),
    /** A hash of the prompt's own id, by which snapshots are compared; null in older ones until they are. */
    promptKey: text('prompt_key'),
  },
  (table) => [
    primaryKey({ columns: [table.snapshotId, table.position] }),
    index('snapshot_records_prompt').on(table.snapshotId, table.promptKey),
  ],
);

/** What a snapshot holds, as figures: made with it, or when it was first asked for. Never part of an export. */
export const snapshotContents = pgTable('snapshot_contents', {
  snapshotId: uuid('snapshot_id')
    .primaryKey()
    .references(() => snapshots.id, { onDelete: 'cascade' }),
  /** JSON as text, like records: excerpts of texts can contain anything. */
  contents: text('contents').notNull(),
});
