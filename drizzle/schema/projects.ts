import { boolean, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { type Counting, DEFAULT_COUNTING } from '../../lib/schemas/annotator-kinds';
import {
  type AssignmentOrder,
  DEFAULT_CLOSING_CERTAINTY,
  DEFAULT_LEASE_MINUTES,
} from '../../lib/schemas/assignment-rules';
import type { ModelNames } from '../../lib/schemas/model-names';
import type { ProjectState } from '../../lib/schemas/project';
import { DEFAULT_ISSUE_TAGS } from '../../lib/schemas/remark-rules';
import type { IssueTag } from '../../lib/schemas/remarks';
import type { ProjectSettings } from '../../lib/schemas/settings';
import type { Strategy } from '../../lib/schemas/strategy';
import type { TextFormat } from '../../lib/schemas/text-format';
import type { TierColor } from '../../lib/schemas/tier-rules';
import { users } from './accounts';
import { createdAt, id, updatedAt } from './columns';

export const projects = pgTable('projects', {
  id: id(),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  /** The body of the guidelines in force: see guideline_versions. */
  guidelines: text('guidelines').notNull().default(''),
  /** Grows with every change of the settings below and of the name; a save names the version that its author saw. */
  settingsVersion: integer('settings_version').notNull().default(1),
  /** Tier names, index 0 = best. */
  tiers: jsonb('tiers').$type<string[]>().notNull(),
  /** Grows when tiers are renamed; earlier names are in past_tiers. */
  tiersVersion: integer('tiers_version').notNull().default(1),
  /** One colour per tier; when empty, every tier has the colour of its rank. */
  tierColors: jsonb('tier_colors').$type<TierColor[]>().notNull().default([]),
  /** Retired ones included: annotations refer to them by id. */
  issueTags: jsonb('issue_tags').$type<IssueTag[]>().notNull().default(DEFAULT_ISSUE_TAGS),
  /** Every annotator begins with this many gold prompts. */
  goldWarmUp: integer('gold_warm_up').notNull().default(0),
  /** After the warm-up, one gold prompt follows this many others; 0 turns it off. */
  goldEvery: integer('gold_every').notNull().default(0),
  /** Show responses without the names that they give themselves. */
  hideSelfNames: boolean('hide_self_names').notNull().default(false),
  /** Who may see which model wrote a response. */
  modelNames: text('model_names').$type<ModelNames>().notNull().default('researchers'),
  textFormat: text('text_format').$type<TextFormat>().notNull().default('auto'),
  /** Names of tags that models put around their thinking, beside those that are always known. */
  thinkingTags: jsonb('thinking_tags').$type<string[]>().notNull().default([]),
  /** How many annotators judge each prompt; null: everybody may. */
  overlap: integer('overlap'),
  /** For a random share of the prompts another number; null: no such share. Both need `overlap`. */
  overlapSample: integer('overlap_sample'),
  overlapSamplePercent: integer('overlap_sample_percent').notNull().default(0),
  /**
   * Each prompt has at least so many annotators, and no more once its consensus is certain enough; `overlap` is then the
   * most. Null: every prompt has as many as `overlap` says.
   */
  overlapMinimum: integer('overlap_minimum'),
  /** How certain that is, in percent: see lib/ranking/posterior. */
  closingCertainty: integer('closing_certainty').notNull().default(DEFAULT_CLOSING_CERTAINTY),
  /** The order in which prompts are given out. */
  assignmentOrder: text('assignment_order').$type<AssignmentOrder>().notNull().default('import'),
  /** How long a prompt that was given to somebody waits for the annotation. */
  leaseMinutes: integer('lease_minutes').notNull().default(DEFAULT_LEASE_MINUTES),
  /** How many prompts one annotator may judge, gold prompts included; null: any number. */
  promptLimit: integer('prompt_limit'),
  /** For what the judgements of imported annotators count, and those of imported ones that are models. */
  importedCountIn: text('imported_count_in').$type<Counting>().notNull().default(DEFAULT_COUNTING.importedCountIn),
  modelsCountIn: text('models_count_in').$type<Counting>().notNull().default(DEFAULT_COUNTING.modelsCountIn),
  /** A reviewer's decision stands for a prompt's consensus. */
  decisionsSettle: boolean('decisions_settle').notNull().default(true),
  /** The rule of the consensus: see ConsensusRule in lib/ranking/consensus.ts. Null: the majority. */
  consensusQuorum: integer('consensus_quorum'),
  consensusMaxAgainst: integer('consensus_max_against').notNull().default(0),
  /** How snapshots order prompts that nobody has annotated, where nothing else is asked for. */
  snapshotStrategy: text('snapshot_strategy').$type<Strategy>().notNull().default('annotations'),
  /** Finds labels of responses that came without one; see lib/ranking/label-pattern.ts. */
  labelPattern: text('label_pattern'),
  isDemo: boolean('is_demo').notNull().default(false),
  /**
   * 'archived': everybody reads, nobody writes. 'copying' and 'deleting': hidden from everybody, until all of it is there
   * or gone.
   */
  state: text('state').$type<ProjectState>().notNull().default('active'),
  /**
   * Prompts at positions below this number are published. An import writes its rows at higher positions, and raising
   * the number publishes all of them at once; so this is also the number of prompts.
   */
  promptCount: integer('prompt_count').notNull().default(0),
  /** The number of published responses. */
  responseCount: integer('response_count').notNull().default(0),
  /** The number of published additions of responses; see responses.addition. */
  additions: integer('additions').notNull().default(0),
  createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** The settings as each version had them; a project's settings_version is the newest. */
export const settingsVersions = pgTable(
  'settings_versions',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    settings: jsonb('settings').$type<ProjectSettings>().notNull(),
    /** Null: somebody whose account is gone, or nobody knows any more. */
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.version] })],
);

/** Earlier names of a project's tiers; an annotation names the version that it was judged by. */
export const pastTiers = pgTable(
  'past_tiers',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    /** Index 0 = best. */
    names: jsonb('names').$type<string[]>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.version] })],
);

export const members = pgTable(
  'members',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 'researcher' | 'annotator' within this project. */
    role: text('role').notNull(),
    /** Tags of the languages in which the person judges prompts; none: all of them. */
    languages: text('languages').array().notNull().default([]),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.userId] })],
);
