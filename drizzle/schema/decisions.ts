import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { noRemarks } from '../../lib/schemas/remark-rules';
import type { Remarks } from '../../lib/schemas/remarks';
import type { ResponseId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { annotations } from './annotations';
import { createdAt, id } from './columns';
import { responses } from './prompts';
import { projectReference, promptReference } from './references';

/**
 * What reviewers decided about prompts on which annotators differ. It has tables of its own, so that nothing that counts
 * or compares annotations takes a decision for one more annotator's. Rows are only ever added.
 */
export const decisions = pgTable(
  'decisions',
  {
    id: id(),
    projectId: projectReference(),
    promptId: promptReference(),
    reviewerId: text('reviewer_id')
      .notNull()
      .references(() => users.id),
    /** 1, 2, 3, ... per prompt, whoever decides; the largest is the one that counts. */
    version: integer('version').notNull(),
    /** Chosen by the client, so that a retry stores nothing new. */
    idempotencyKey: text('idempotency_key').notNull(),
    /** 'decided'; 'withdrawn': from here on nothing is decided. Such a row has no placements. */
    kind: text('kind').$type<'decided' | 'withdrawn'>().notNull(),
    allBad: boolean('all_bad').notNull().default(false),
    /** The version of the tier names that the board showed; see projects.tiers_version. */
    tiersVersion: integer('tiers_version').notNull().default(1),
    timeOnTaskMs: integer('time_on_task_ms').notNull().default(0),
    /** The comment is the reason for the decision, or for its end. */
    remarks: jsonb('remarks').$type<Remarks>().notNull().default(noRemarks),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('decisions_version').on(table.promptId, table.version),
    uniqueIndex('decisions_idempotency').on(table.reviewerId, table.idempotencyKey),
    index('decisions_project').on(table.projectId),
  ],
);

export const decisionPlacements = pgTable(
  'decision_placements',
  {
    decisionId: uuid('decision_id')
      .notNull()
      .references(() => decisions.id, { onDelete: 'cascade' }),
    responseId: uuid('response_id')
      .$type<ResponseId>()
      .notNull()
      .references(() => responses.id, { onDelete: 'cascade' }),
    /** As in placements. */
    state: text('state').notNull(),
    tier: integer('tier'),
  },
  (table) => [
    primaryKey({ columns: [table.decisionId, table.responseId] }),
    index('decision_placements_response').on(table.responseId),
  ],
);

/** Answers that a reviewer sent back to their annotator. At most one on a prompt is open for each annotator. */
export const sentBackAnswers = pgTable(
  'sent_back_answers',
  {
    id: id(),
    projectId: projectReference(),
    promptId: promptReference(),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id),
    /** The version that the note is about. */
    annotationId: uuid('annotation_id')
      .notNull()
      .references(() => annotations.id, { onDelete: 'cascade' }),
    note: text('note').notNull(),
    sentBy: text('sent_by')
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    /** When the annotator saved a new version. */
    answeredAt: timestamp('answered_at', { withTimezone: true }),
    /** When a reviewer took it back. */
    withdrawnAt: timestamp('withdrawn_at', { withTimezone: true }),
  },
  (table) => [
    uniqueIndex('sent_back_answers_open')
      .on(table.projectId, table.annotatorId, table.promptId)
      .where(sql`${table.answeredAt} is null and ${table.withdrawnAt} is null`),
    index('sent_back_answers_prompt').on(table.promptId, table.createdAt),
  ],
);
