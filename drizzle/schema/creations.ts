import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt } from './columns';

/** What was created by requests with an idempotency key: one that comes again gets the same answer. */
export const creations = pgTable(
  'creations',
  {
    actorId: text('actor_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the key; the key itself is never stored. */
    keyHash: text('key_hash').notNull(),
    /** SHA-256 of what was asked for. */
    contentHash: text('content_hash').notNull(),
    /** JSON, sealed with the key. */
    answer: text('answer').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.keyHash] })],
);
