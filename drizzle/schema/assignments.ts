import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
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
    /** All places were taken when the annotation was saved, and none was given back since. */
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
 * How far each prompt is covered, and by what the list of prompts finds it; triggers alone write here (the migrations
 * assignments and prompts_page). Its row is the lock of the prompt's places.
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
    /** The prompt's own, too. */
    isWithdrawn: boolean('is_withdrawn').notNull().default(false),
    language: text('language'),
    priority: integer('priority').notNull().default(0),
    /** Annotators with an annotation, and places that are held. */
    judged: integer('judged').notNull().default(0),
    held: integer('held').notNull().default(0),
    /** Imported annotators among those who judged who fill no place, by the project's settings. */
    outsideOverlap: integer('outside_overlap').notNull().default(0),
    /** How many annotators the project's settings want; null: any number. */
    wanted: integer('wanted'),
    isOpen: boolean('is_open')
      .notNull()
      .generatedAlwaysAs(
        sql`NOT is_gold AND NOT is_withdrawn AND (wanted IS NULL OR judged - outside_overlap + held < wanted)`,
      ),
    /** Annotators in places who are asked again, since what they said does not cover the prompt as it is now. */
    reopened: integer('reopened').notNull().default(0),
    /** 0: nobody has judged the prompt; 1: fewer than are wanted; 2: enough. */
    progress: smallint('progress')
      .notNull()
      .generatedAlwaysAs(
        sql`CASE WHEN judged - outside_overlap - reopened <= 0 THEN 0 WHEN judged - outside_overlap - reopened < coalesce(wanted, 1) THEN 1 ELSE 2 END`,
      ),
    /** Flags that nobody has resolved, and skips. */
    flags: integer('flags').notNull().default(0),
    skips: integer('skips').notNull().default(0),
    /** When somebody last judged, flagged, skipped, corrected or withdrew it. */
    changedAt: timestamp('changed_at', { withTimezone: true }).notNull().defaultNow(),
    /** In thousandths; null until two annotators have judged the prompt: see lib/ranking/disagreement.ts. */
    disagreement: integer('disagreement'),
    /** How certain the consensus is, in thousandths: see lib/ranking/posterior. Null where the project does not ask for it. */
    certainty: integer('certainty'),
    /** When the decision that is in force was made; see decisions. */
    decidedAt: timestamp('decided_at', { withTimezone: true }),
    /** Prompts are given out by this number, the smallest first. */
    orderKey: bigint('order_key', { mode: 'number' }).notNull(),
    /** The annotators to whom it is not given: who judged, skipped or holds it. The hash finds prompts alike in that and in their language. */
    touched: text('touched').array().notNull().default([]),
    touchedHash: text('touched_hash').notNull().default(''),
  },
  (table) => [
    index('prompt_coverage_order').on(table.projectId, table.orderKey).where(sql`${table.isOpen}`),
    // Those of one language, for annotators who do not read all of them.
    index('prompt_coverage_language_order')
      .on(table.projectId, sql`coalesce(${table.language}, '')`, table.orderKey)
      .where(sql`${table.isOpen}`),
    index('prompt_coverage_counting')
      .on(table.projectId, table.position)
      .where(sql`${table.judged} > 0 and not ${table.isGold} and not ${table.isWithdrawn}`),
    index('prompt_coverage_differing')
      .on(table.projectId, table.disagreement, table.promptId)
      .where(
        sql`${table.disagreement} > 0 and ${table.decidedAt} is null and not ${table.isGold} and not ${table.isWithdrawn}`,
      ),
    index('prompt_coverage_decided')
      .on(table.projectId, table.decidedAt, table.promptId)
      .where(sql`${table.decidedAt} is not null`),
    index('prompt_coverage_alike').on(table.projectId, table.touchedHash, table.orderKey).where(sql`${table.isOpen}`),
    // The orders of the list of prompts, and what it finds in import order without looking at the others.
    index('prompt_coverage_position').on(table.projectId, table.position),
    index('prompt_coverage_priority').on(table.projectId, sql`(-${table.priority})`, table.position),
    index('prompt_coverage_judged').on(table.projectId, table.judged, table.position),
    index('prompt_coverage_disagreement').on(
      table.projectId,
      sql`(-coalesce(${table.disagreement}, -1))`,
      table.position,
    ),
    index('prompt_coverage_changed').on(table.projectId, table.changedAt, table.position),
    index('prompt_coverage_progress').on(table.projectId, table.progress, table.position),
    index('prompt_coverage_language').on(table.projectId, table.language, table.position),
    index('prompt_coverage_flagged').on(table.projectId, table.position).where(sql`${table.flags} > 0`),
    index('prompt_coverage_skipped').on(table.projectId, table.position).where(sql`${table.skips} > 0`),
    index('prompt_coverage_gold').on(table.projectId, table.position).where(sql`${table.isGold}`),
    index('prompt_coverage_withdrawn').on(table.projectId, table.position).where(sql`${table.isWithdrawn}`),
  ],
);
