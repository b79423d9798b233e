import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { AuditDetails, AuditKind } from '../../lib/schemas/audit';
import { users } from './accounts';
import { id } from './columns';

/**
 * Who did what, when. Rows are only ever added: triggers refuse to change or delete one, but for failed sign-ins of more
 * than 90 days ago.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id(),
    /** The moment of the entry, not of the transaction's start. */
    at: timestamp('at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    kind: text('kind').$type<AuditKind>().notNull(),
    /** Who did it; null: nobody who is signed in, or the server's command line. */
    actorId: text('actor_id').references(() => users.id),
    /** To whose account it was done. */
    subjectId: text('subject_id').references(() => users.id),
    details: jsonb('details').$type<AuditDetails>().notNull(),
  },
  (table) => [
    index('audit_entries_time').on(table.at, table.id),
    index('audit_entries_kind').on(table.kind, table.at, table.id),
    index('audit_entries_actor').on(table.actorId, table.at, table.id),
    index('audit_entries_subject').on(table.subjectId, table.at, table.id),
    check('audit_entries_details', sql`octet_length(${table.details}::text) <= 4000`),
  ],
);
