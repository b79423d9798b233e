/** Counters that only triggers write (migration kept_counts), so that no page has to count rows. */

import { sql } from 'drizzle-orm';
import { boolean, customType, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { annotations } from './annotations';
import { annotatorReference, projectReference, promptReference } from './references';

/** Each annotator's current version on each prompt, with the values that lists show and counters add up. */
export const annotationHeads = pgTable(
  'annotation_heads',
  {
    promptId: promptReference(),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id),
    projectId: projectReference(),
    annotationId: uuid('annotation_id')
      .notNull()
      .references(() => annotations.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    placed: integer('placed').notNull(),
    cannotJudge: integer('cannot_judge').notNull(),
    notJudged: integer('not_judged').notNull(),
    /** Whether two or more responses are placed, all of them in one tier. */
    singleTier: boolean('single_tier').notNull(),
    /** The longest time that any version took, in milliseconds. An edit from the history starts at 0. */
    longestMs: integer('longest_ms').notNull(),
    /** Whether every version took less time than reading the judged responses does. */
    fast: boolean('fast').notNull(),
    /** Whether one of the versions covers every response that the prompt has now. */
    finished: boolean('finished').notNull(),
    /** Whether this annotator was the first to judge the prompt. */
    firstOfPrompt: boolean('first_of_prompt').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.annotatorId] }),
    // The cascade from a deleted annotation finds its row by this index.
    index('annotation_heads_annotation').on(table.annotationId),
    index('annotation_heads_reopened').on(table.projectId, table.annotatorId).where(sql`not ${table.finished}`),
    index('annotation_heads_newest').on(table.projectId, table.annotatorId, table.createdAt, table.promptId),
  ],
);

const int4multirange = customType<{ data: string }>({ dataType: () => 'int4multirange' });

/** Totals of one annotator's work in a project. */
export const annotatorTallies = pgTable(
  'annotator_tallies',
  {
    projectId: projectReference(),
    annotatorId: annotatorReference(),
    versions: integer('versions').notNull().default(0),
    prompts: integer('prompts').notNull().default(0),
    finished: integer('finished').notNull().default(0),
    /** Prompts that this annotator was the first to judge: their sum is what anybody has judged. */
    firstOfPrompt: integer('first_of_prompt').notNull().default(0),
    fast: integer('fast').notNull().default(0),
    severalPlaced: integer('several_placed').notNull().default(0),
    singleTier: integer('single_tier').notNull().default(0),
    cannotJudge: integer('cannot_judge').notNull().default(0),
    responses: integer('responses').notNull().default(0),
    skipped: integer('skipped').notNull().default(0),
    flagged: integer('flagged').notNull().default(0),
    /**
     * Positions of the prompts that have left the queue because they are finished or skipped. Empty where prompts are not
     * given out to everybody in import order: prompt_coverage says there what is open.
     */
    settled: int4multirange('settled').notNull().default('{}'),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.annotatorId] })],
);

/** A histogram of how many seconds an annotator's prompts took, from which medians are computed. */
export const annotatorPaces = pgTable(
  'annotator_paces',
  {
    projectId: projectReference(),
    annotatorId: annotatorReference(),
    seconds: integer('seconds').notNull(),
    prompts: integer('prompts').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.annotatorId, table.seconds] })],
);

/** The positions of a project's prompts that are withdrawn: gaps in nobody's queue. A project without any has no row. */
export const withdrawnPositions = pgTable('withdrawn_positions', {
  projectId: projectReference().primaryKey(),
  positions: int4multirange('positions').notNull(),
});
