import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { PromptId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { updatedAt } from './columns';
import { prompts } from './prompts';

/** Work in progress, one a prompt and annotator, so that it goes on at another machine. Never counts as judged. */
export const drafts = pgTable(
  'drafts',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
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
