import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { JobInput } from '../../lib/schemas/job';
import type { ImportResult } from '../../lib/schemas/prompt-import';
import { users } from './accounts';
import { createdAt } from './columns';
import { projectReference } from './references';

/**
 * Work on a whole project, done in many short transactions of which the last publishes the result. At most one job per
 * project runs at a time. Rows that a failed or dead job left behind are deleted.
 */
export const jobs = pgTable(
  'jobs',
  {
    /** Chosen by the client, so that it can follow and cancel the job. */
    id: uuid('id').primaryKey(),
    projectId: projectReference(),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 'running' | 'done' | 'failed' | 'cancelled' */
    state: text('state').notNull().default('running'),
    done: integer('done').notNull().default(0),
    total: integer('total').notNull().default(0),
    /** Prompts that are stored so far, where they are counted: from there an import goes on. */
    items: integer('items').notNull().default(0),
    /** What a server needs to go on with the job of one that died; null: it begins anew, if at all. */
    input: jsonb('input').$type<JobInput>(),
    /** What came of it, for whoever asks after the request that began it broke. */
    result: jsonb('result').$type<ImportResult>(),
    /** A `JobFailure` as JSON text, since names in files may hold what jsonb refuses. */
    failure: text('failure'),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    /** Updated while the job runs; when it is many seconds old, the job's server has died. */
    heartbeatAt: timestamp('heartbeat_at', { withTimezone: true }).notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('jobs_running').on(table.projectId).where(sql`${table.state} = 'running'`)],
);
