import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ExternalPromptId, ExternalResponseId, PromptId, ResponseId } from '../../trainer/contract/ids';
import type { ChatMessage, PromptDocument } from '../../trainer/contract/record';
import { users } from './accounts';
import { createdAt, id } from './columns';
import { projects } from './projects';

export const prompts = pgTable(
  'prompts',
  {
    id: id().$type<PromptId>(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    externalId: text('external_id').$type<ExternalPromptId>().notNull(),
    messages: jsonb('messages').$type<ChatMessage[]>().notNull(),
    documents: jsonb('documents').$type<PromptDocument[]>().notNull().default([]),
    referenceLabel: text('reference_label'),
    /**
     * SHA-256 of the record as imported; an equal hash on re-import means that nothing changed. Added responses do not
     * change it.
     */
    contentHash: text('content_hash').notNull(),
    /** Import order within the project, from 0. */
    position: integer('position').notNull(),
    /** A BCP 47 tag, in which annotators have to be at home; null: anybody. */
    language: text('language'),
    /** Where prompts are given out by priority, larger numbers come first. */
    priority: integer('priority').notNull().default(0),
    /** Grows with each correction of the prompt or of one of its responses; an annotation names the one that it saw. */
    textVersion: integer('text_version').notNull().default(1),
    /** Annotations of earlier texts than this version's no longer count; their authors are asked again. */
    judgedFrom: integer('judged_from').notNull().default(1),
    /** Since when nobody is asked about the prompt and nothing said of it counts; null: it is in use. */
    withdrawnAt: timestamp('withdrawn_at', { withTimezone: true }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('prompts_external_id').on(table.projectId, table.externalId),
    uniqueIndex('prompts_position').on(table.projectId, table.position),
  ],
);

export const responses = pgTable(
  'responses',
  {
    id: id().$type<ResponseId>(),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    externalId: text('external_id').$type<ExternalResponseId>().notNull(),
    text: text('text').notNull(),
    /** 'human' or a model's name. */
    source: text('source').notNull(),
    label: text('label'),
    /** Import order within the prompt, from 0; added responses follow. */
    position: integer('position').notNull(),
    /** When the response was added to an existing prompt; null for one that was imported with its prompt. */
    addedAt: timestamp('added_at', { withTimezone: true }),
    /**
     * The number of the addition that it came with, from 1; it is published once projects.additions has reached that
     * number.
     */
    addition: integer('addition'),
    /** Since when the response is in no task and in no pair; null: it is in use. */
    withdrawnAt: timestamp('withdrawn_at', { withTimezone: true }),
    /** When it last came back into use: boards that were open then may lack it. */
    restoredAt: timestamp('restored_at', { withTimezone: true }),
  },
  (table) => [
    uniqueIndex('responses_external_id').on(table.promptId, table.externalId),
    index('responses_added').on(table.promptId).where(sql`${table.addedAt} is not null`),
    index('responses_withdrawn').on(table.promptId).where(sql`${table.withdrawnAt} is not null`),
  ],
);

/** What researchers changed of a prompt after its import, oldest first; rows are only ever added. */
export const promptChanges = pgTable(
  'prompt_changes',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    /** The response that was changed; null: the prompt itself. */
    responseId: uuid('response_id')
      .$type<ResponseId>()
      .references(() => responses.id, { onDelete: 'cascade' }),
    kind: text('kind').$type<'corrected' | 'withdrawn' | 'restored'>().notNull(),
    note: text('note').notNull().default(''),
    /** Of a correction: the last version that had the text before. */
    textVersion: integer('text_version').notNull(),
    /** Of a correction: that text, a response's; or the prompt's messages. */
    textBefore: text('text_before'),
    messagesBefore: jsonb('messages_before').$type<ChatMessage[]>(),
    /** Of a correction: whether what people had said of the text before no longer counts. */
    judgeAgain: boolean('judge_again').notNull().default(false),
    changedBy: text('changed_by')
      .notNull()
      .references(() => users.id),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    index('prompt_changes_prompt').on(table.promptId, table.textVersion),
    index('prompt_changes_newest').on(table.projectId, table.createdAt),
  ],
);
