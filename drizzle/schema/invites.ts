import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt, id } from './columns';
import { projects } from './projects';

/** One-time links. The first start's setup link is an invite with role admin and no creator. */
export const invites = pgTable('invites', {
  id: id(),
  /** SHA-256 of the token in hex; the token itself is never stored. */
  tokenHash: text('token_hash').notNull().unique(),
  role: text('role').notNull(),
  projectId: uuid('project_id').references(() => projects.id, { onDelete: 'cascade' }),
  createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
  usedBy: text('used_by').references(() => users.id, { onDelete: 'set null' }),
  usedAt: timestamp('used_at', { withTimezone: true }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  createdAt: createdAt(),
});
