import { integer, jsonb, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { updatedAt } from './columns';
import { annotatorReference, promptReference } from './references';

/**
 * Work in progress, one draft per prompt and annotator, so that it can continue on another machine. A draft never
 * counts as judged.
 */
export const drafts = pgTable(
  'drafts',
  {
    promptId: promptReference(),
    annotatorId: annotatorReference(),
    /** The annotation version that the draft started from; a draft of an older version is no longer shown. */
    baseVersion: integer('base_version').notNull(),
    /** Grows with every change across all machines, so that a late or repeated request never overwrites a newer one. */
    sequence: integer('sequence').notNull(),
    /** A `BoardContent` of lib/schemas/draft.ts. */
    content: jsonb('content').notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.promptId, table.annotatorId] })],
);
