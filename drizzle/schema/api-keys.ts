import { index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt, id } from './columns';

/** With which programs act for a person. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** SHA-256 of the key in hex; the key itself is never stored. */
    keyHash: text('key_hash').notNull().unique(),
    /** Its first characters, by which people recognise it. */
    start: text('start').notNull(),
    scopes: text('scopes').array().notNull(),
    createdAt: createdAt(),
    /** Null: it stays valid until it is revoked. */
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    /** To the minute. */
    lastUsedAt: timestamp('last_used_at', { withTimezone: true }),
  },
  (table) => [index('api_keys_user').on(table.userId)],
);
