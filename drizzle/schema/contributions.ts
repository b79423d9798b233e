import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { promptReference } from './references';

/**
 * What each judged prompt adds to the figures of its project, so that a change has no more than its own prompt read anew.
 * Triggers count in `revision` what was changed that figures depend on (migration contributions).
 */
export const promptContributions = pgTable('prompt_contributions', {
  promptId: promptReference().primaryKey(),
  revision: integer('revision').notNull().default(1),
  /** The revision that `content` is of. */
  measured: integer('measured').notNull().default(0),
  /** How `content` was computed; see `contributionBasis`. */
  basis: text('basis').notNull().default(''),
  /** JSON: see `Contribution` in lib/ranking/contribution.ts. Text, since only the thread that measures reads it. */
  content: text('content').notNull().default(''),
});
