import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { noRemarks } from '../../lib/schemas/remark-rules';
import type { Remarks } from '../../lib/schemas/remarks';
import type { ResponseId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { createdAt, id } from './columns';
import { responses } from './prompts';
import { projectReference, promptReference } from './references';

export const annotations = pgTable(
  'annotations',
  {
    id: id(),
    projectId: projectReference(),
    promptId: promptReference(),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id),
    /** 1, 2, 3, ... per prompt and annotator; the largest is the one in force. */
    version: integer('version').notNull(),
    /** The client chooses one key per submission, so that a retry with the same key stores nothing new. */
    idempotencyKey: text('idempotency_key').notNull(),
    /** The annotator said that no response is acceptable: pairs still count, but there is no SFT target. */
    allBad: boolean('all_bad').notNull().default(false),
    /** The version of the tier names that the board showed; see projects.tiers_version. */
    tiersVersion: integer('tiers_version').notNull().default(1),
    /** The version of the texts that the board showed; see prompts.text_version. */
    textVersion: integer('text_version').notNull().default(1),
    /** Milliseconds of active work: the prompt was visible and the annotator had acted within the last minute. */
    timeOnTaskMs: integer('time_on_task_ms').notNull().default(0),
    /** Comment, tags of responses and marked passages: part of this version. */
    remarks: jsonb('remarks').$type<Remarks>().notNull().default(noRemarks),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('annotations_version').on(table.promptId, table.annotatorId, table.version),
    uniqueIndex('annotations_idempotency').on(table.annotatorId, table.idempotencyKey),
    index('annotations_project').on(table.projectId, table.annotatorId),
    index('annotations_begun').on(table.projectId, table.annotatorId, table.createdAt).where(sql`${table.version} = 1`),
  ],
);

export const placements = pgTable(
  'placements',
  {
    annotationId: uuid('annotation_id')
      .notNull()
      .references(() => annotations.id, { onDelete: 'cascade' }),
    responseId: uuid('response_id')
      .$type<ResponseId>()
      .notNull()
      .references(() => responses.id, { onDelete: 'cascade' }),
    /** 'placed' | 'cannot_judge' | 'not_judged' */
    state: text('state').notNull(),
    /** 0 = best; null unless state is 'placed'. */
    tier: integer('tier'),
  },
  (table) => [
    primaryKey({ columns: [table.annotationId, table.responseId] }),
    // The cascade from a deleted response finds its placements by this index.
    index('placements_response').on(table.responseId),
  ],
);
