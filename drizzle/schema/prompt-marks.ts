import { index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt } from './columns';
import { annotatorReference, projectReference, promptReference } from './references';

/**
 * A skip or a flag that one annotator put on a prompt instead of, or in addition to, judging it; at most one of each
 * kind.
 */
export const promptMarks = pgTable(
  'prompt_marks',
  {
    promptId: promptReference(),
    annotatorId: annotatorReference(),
    /** 'skipped': out of the queue until its annotator returns to it; 'flagged': somebody should look at it. */
    kind: text('kind').notNull(),
    projectId: projectReference(),
    /** One of skipReasons in lib/schemas/prompt-mark.ts; null unless skipped. */
    reason: text('reason'),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
    /** When a researcher resolved the flag; null until then, and null again when the flag is set anew. */
    resolvedAt: timestamp('resolved_at', { withTimezone: true }),
    resolvedBy: text('resolved_by').references(() => users.id, { onDelete: 'set null' }),
    /** What that researcher said of it. */
    resolution: text('resolution').notNull().default(''),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.annotatorId, table.kind] }),
    index('prompt_marks_newest').on(table.projectId, table.createdAt),
    index('prompt_marks_own').on(table.projectId, table.annotatorId, table.createdAt),
  ],
);

/** Changes of marks that were applied, by their keys, so that a repeated request never undoes a newer change. */
export const markChanges = pgTable(
  'mark_changes',
  {
    annotatorId: annotatorReference(),
    idempotencyKey: text('idempotency_key').notNull(),
    promptId: promptReference(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.annotatorId, table.idempotencyKey] }),
    index('mark_changes_prompt').on(table.promptId),
  ],
);
