import { sql } from 'drizzle-orm';
import { boolean, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt } from './columns';
import { ofProject } from './references';

/**
 * Work on a whole project, in many short transactions, of which the last one shows the result; at most one a project
 * is under way. What an ended or dead one has left is swept.
 */
export const jobs = pgTable(
  'jobs',
  {
    /** Chosen by whoever asks, so that he or she can follow and cancel it. */
    id: uuid('id').primaryKey(),
    projectId: ofProject(),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 'running' | 'done' | 'failed' | 'cancelled' */
    state: text('state').notNull().default('running'),
    done: integer('done').notNull().default(0),
    total: integer('total').notNull().default(0),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    /** While running: seconds without one mean that its server died. */
    heartbeatAt: timestamp('heartbeat_at', { withTimezone: true }).notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('jobs_running').on(table.projectId).where(sql`${table.state} = 'running'`)],
);
