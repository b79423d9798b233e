import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { ExternalPromptId, ExternalResponseId, PromptId, ResponseId } from '../../trainer/contract/ids';
import type { ChatMessage, PromptDocument } from '../../trainer/contract/record';
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
  },
  (table) => [
    uniqueIndex('responses_external_id').on(table.promptId, table.externalId),
    index('responses_added').on(table.promptId).where(sql`${table.addedAt} is not null`),
  ],
);
