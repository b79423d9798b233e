import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt } from './columns';

/** Answers of requests that created something under an idempotency key; a repeated request gets the stored answer. */
export const creations = pgTable(
  'creations',
  {
    actorId: text('actor_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the key; the key itself is never stored. */
    keyHash: text('key_hash').notNull(),
    /** SHA-256 of the operation and the request's content. */
    contentHash: text('content_hash').notNull(),
    /** The answer as JSON, encrypted with the key. */
    answer: text('answer').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.keyHash] })],
);
