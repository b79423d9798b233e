/** Kept counts, written by triggers alone (migration kept_counts), so that no page counts rows. */

import { boolean, customType, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { annotations } from './annotations';
import { ofAnnotator, ofProject, ofPrompt } from './references';

/** The version in force of each annotator on each prompt, with what is shown and counted of it. */
export const annotationHeads = pgTable(
  'annotation_heads',
  {
    promptId: ofPrompt(),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id),
    projectId: ofProject(),
    annotationId: uuid('annotation_id')
      .notNull()
      .references(() => annotations.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    placed: integer('placed').notNull(),
    cannotJudge: integer('cannot_judge').notNull(),
    notJudged: integer('not_judged').notNull(),
    /** Two or more responses are placed, and all in one tier. */
    singleTier: boolean('single_tier').notNull(),
    /** The longest time that a version took: an edit from the history begins at none. */
    longestMs: integer('longest_ms').notNull(),
    /** No version took as long as reading what it judged does. */
    fast: boolean('fast').notNull(),
    /** One of the versions saw every response that the prompt has now. */
    finished: boolean('finished').notNull(),
    /** Nobody had judged the prompt before this annotator did. */
    firstOfPrompt: boolean('first_of_prompt').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.annotatorId] }),
    index('annotation_heads_newest').on(table.projectId, table.annotatorId, table.createdAt, table.promptId),
  ],
);

const int4multirange = customType<{ data: string }>({ dataType: () => 'int4multirange' });

/** One annotator's work in a project, added up. */
export const annotatorTallies = pgTable(
  'annotator_tallies',
  {
    projectId: ofProject(),
    annotatorId: ofAnnotator(),
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
    /** Positions of prompts that are out of the queue: finished or skipped. */
    settled: int4multirange('settled').notNull().default('{}'),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.annotatorId] })],
);

/** How many of an annotator's prompts took so many seconds: what a median is found in. */
export const annotatorPaces = pgTable(
  'annotator_paces',
  {
    projectId: ofProject(),
    annotatorId: ofAnnotator(),
    seconds: integer('seconds').notNull(),
    prompts: integer('prompts').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.annotatorId, table.seconds] })],
);
