import { integer, jsonb, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { updatedAt } from './columns';
import { ofAnnotator, ofPrompt } from './references';

/** Work in progress, one a prompt and annotator, so that it goes on at another machine. Never counts as judged. */
export const drafts = pgTable(
  'drafts',
  {
    promptId: ofPrompt(),
    annotatorId: ofAnnotator(),
    /** The version it was begun on; a draft of an older one is not shown any more. */
    baseVersion: integer('base_version').notNull(),
    /** Grows with every change, on all machines together: a late or repeated request never undoes a newer one. */
    sequence: integer('sequence').notNull(),
    /** A BoardContent of lib/schemas/draft.ts. */
    content: jsonb('content').notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.promptId, table.annotatorId] })],
);
