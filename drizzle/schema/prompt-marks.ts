import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { PromptId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { createdAt } from './columns';
import { projects } from './projects';
import { prompts } from './prompts';

/** What one annotator says about a prompt instead of, or beside, judging it: at most one mark of a kind. */
export const promptMarks = pgTable(
  'prompt_marks',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 'skipped': out of the queue until its annotator returns to it; 'flagged': somebody should look at it. */
    kind: text('kind').notNull(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    /** One of skipReasons in lib/schemas/prompt-mark.ts; null unless skipped. */
    reason: text('reason'),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
    /** When a researcher had looked at a flag; null while nobody has, and again when it is set anew. */
    resolvedAt: timestamp('resolved_at', { withTimezone: true }),
    resolvedBy: text('resolved_by').references(() => users.id, { onDelete: 'set null' }),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.annotatorId, table.kind] }),
    index('prompt_marks_newest').on(table.projectId, table.createdAt),
    index('prompt_marks_own').on(table.projectId, table.annotatorId, table.createdAt),
  ],
);

/** Changes of marks that were carried out: one that arrives again, however late, undoes nothing newer. */
export const markChanges = pgTable(
  'mark_changes',
  {
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    idempotencyKey: text('idempotency_key').notNull(),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.annotatorId, table.idempotencyKey] }),
    index('mark_changes_prompt').on(table.promptId),
  ],
);
