import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { PromptId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { createdAt } from './columns';
import { prompts } from './prompts';
import { annotatorReference, projectReference, promptReference } from './references';

/**
 * A place on a prompt that one annotator holds or has filled. Whoever writes here holds the lock of the prompt's row in
 * prompt_coverage.
 */
export const assignments = pgTable(
  'assignments',
  {
    promptId: promptReference(),
    annotatorId: annotatorReference(),
    projectId: projectReference(),
    /** 'held': the place waits for the annotation; 'done': it was saved. */
    state: text('state').$type<'held' | 'done'>().notNull(),
    /** After this moment somebody else may take a place that is held; null: it waits until it is taken back. */
    leasedUntil: timestamp('leased_until', { withTimezone: true }),
    /** 'automatic': it came by the queue; 'named': a researcher chose the annotator. */
    reason: text('reason').$type<'automatic' | 'named'>().notNull(),
    assignedBy: text('assigned_by').references(() => users.id, { onDelete: 'set null' }),
    /** All places were taken when the annotation was saved. */
    extra: boolean('extra').notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.annotatorId] }),
    index('assignments_held').on(table.projectId, table.annotatorId).where(sql`${table.state} = 'held'`),
    index('assignments_extra').on(table.projectId).where(sql`${table.extra}`),
    index('assignments_expiring').on(table.projectId, table.leasedUntil).where(sql`${table.state} = 'held'`),
  ],
);

/**
 * How far each prompt is covered; the functions of the migration assignments alone write here. Its row is the lock of
 * the prompt's places.
 */
export const promptCoverage = pgTable(
  'prompt_coverage',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .primaryKey()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    projectId: projectReference(),
    /** The prompt's own. */
    position: integer('position').notNull(),
    isGold: boolean('is_gold').notNull().default(false),
    /** Annotators with an annotation, and places that are held. */
    judged: integer('judged').notNull().default(0),
    held: integer('held').notNull().default(0),
    /** How many annotators the project's settings want; null: any number. */
    wanted: integer('wanted'),
    isOpen: boolean('is_open')
      .notNull()
      .generatedAlwaysAs(sql`NOT is_gold AND (wanted IS NULL OR judged + held < wanted)`),
    /** In thousandths; null until two annotators have judged the prompt: see lib/ranking/disagreement.ts. */
    disagreement: integer('disagreement'),
    /** Prompts are given out by this number, the smallest first. */
    orderKey: bigint('order_key', { mode: 'number' }).notNull(),
    /** The annotators to whom it is not given: who judged, skipped or holds it. The hash finds prompts alike in that. */
    touched: text('touched').array().notNull().default([]),
    touchedHash: text('touched_hash').notNull().default(''),
  },
  (table) => [
    index('prompt_coverage_order').on(table.projectId, table.orderKey).where(sql`${table.isOpen}`),
    index('prompt_coverage_alike').on(table.projectId, table.touchedHash, table.orderKey).where(sql`${table.isOpen}`),
  ],
);
