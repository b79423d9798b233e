/**
 * The whole database, one Postgres dialect for PGlite and PostgreSQL.
 * Invariants: annotations are append-only versions; snapshots never change after insert;
 * a run's metrics are keyed by step so that a repeated report changes nothing.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  foreignKey,
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
import { DEFAULT_ISSUE_TAGS, noRemarks } from '../lib/schemas/remark-rules';
import type { IssueTag, Remarks } from '../lib/schemas/remarks';
import type { TextFormat } from '../lib/schemas/text-format';
import type { TierColor } from '../lib/schemas/tier-rules';
import type { ExternalPromptId, ExternalResponseId, PromptId, ResponseId } from '../trainer/contract/ids';
import type { ChatMessage, PromptDocument } from '../trainer/contract/record';
import type { StoredRunStatus } from '../trainer/contract/run-status';

const createdAt = () => timestamp('created_at', { withTimezone: true }).notNull().defaultNow();
const updatedAt = () => timestamp('updated_at', { withTimezone: true }).notNull().defaultNow();
const id = () => uuid('id').primaryKey().defaultRandom();

// ---------- accounts (better-auth's four tables; ids are its own text ids) ----------

export const users = pgTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  /** 'admin' | 'researcher' | 'annotator': what the person may do in the whole installation. */
  role: text('role').notNull().default('annotator'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const sessions = pgTable('sessions', {
  id: text('id').primaryKey(),
  token: text('token').notNull().unique(),
  userId: text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const accounts = pgTable('accounts', {
  id: text('id').primaryKey(),
  accountId: text('account_id').notNull(),
  providerId: text('provider_id').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  accessToken: text('access_token'),
  refreshToken: text('refresh_token'),
  idToken: text('id_token'),
  accessTokenExpiresAt: timestamp('access_token_expires_at', { withTimezone: true }),
  refreshTokenExpiresAt: timestamp('refresh_token_expires_at', { withTimezone: true }),
  scope: text('scope'),
  password: text('password'),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

export const verifications = pgTable('verifications', {
  id: text('id').primaryKey(),
  identifier: text('identifier').notNull(),
  value: text('value').notNull(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** Failed attempts to sign in: see lib/auth/sign-in-limit.ts. */
export const signInAttempts = pgTable(
  'sign_in_attempts',
  {
    /** 'account:', 'address:' or 'device:' and a hash. */
    key: text('key').primaryKey(),
    failures: integer('failures').notNull(),
    lastAt: timestamp('last_at', { withTimezone: true }).notNull(),
  },
  (table) => [index('sign_in_attempts_last').on(table.lastAt)],
);

/** One-time links. The first start's setup link is an invite with role admin and no creator. */
export const invites = pgTable('invites', {
  id: id(),
  /** SHA-256 of the token in hex; the token itself is never stored. */
  tokenHash: text('token_hash').notNull().unique(),
  role: text('role').notNull(),
  projectId: uuid('project_id').references(() => projects.id, { onDelete: 'cascade' }),
  createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
  usedBy: text('used_by').references(() => users.id, { onDelete: 'set null' }),
  usedAt: timestamp('used_at', { withTimezone: true }),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  createdAt: createdAt(),
});

/** What was created by requests with an idempotency key: one that comes again gets the same answer. */
export const creations = pgTable(
  'creations',
  {
    actorId: text('actor_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256 of the key; the key itself is never stored. */
    keyHash: text('key_hash').notNull(),
    /** SHA-256 of what was asked for. */
    contentHash: text('content_hash').notNull(),
    /** JSON, sealed with the key. */
    answer: text('answer').notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.actorId, table.keyHash] })],
);

// ---------- projects ----------

export const projects = pgTable('projects', {
  id: id(),
  name: text('name').notNull(),
  description: text('description').notNull().default(''),
  /** The body of the guidelines in force: see guideline_versions. */
  guidelines: text('guidelines').notNull().default(''),
  /** Grows with every change of what follows and of the name: who saves names the one that he or she saw. */
  settingsVersion: integer('settings_version').notNull().default(1),
  /** Tier names, index 0 = best. */
  tiers: jsonb('tiers').$type<string[]>().notNull(),
  /** Grows when they are renamed; what they were called before stands in past_tiers. */
  tiersVersion: integer('tiers_version').notNull().default(1),
  /** One a tier; empty: every tier has the colour of its rank. */
  tierColors: jsonb('tier_colors').$type<TierColor[]>().notNull().default([]),
  /** Retired ones included: annotations refer to them by id. */
  issueTags: jsonb('issue_tags').$type<IssueTag[]>().notNull().default(DEFAULT_ISSUE_TAGS),
  /** Every annotator begins with this many gold prompts. */
  goldWarmUp: integer('gold_warm_up').notNull().default(0),
  /** After that one gold prompt behind this many others; 0 = none. */
  goldEvery: integer('gold_every').notNull().default(0),
  /** Show responses without the names that they give themselves. */
  hideSelfNames: boolean('hide_self_names').notNull().default(false),
  textFormat: text('text_format').$type<TextFormat>().notNull().default('auto'),
  isDemo: boolean('is_demo').notNull().default(false),
  /**
   * Prompts at positions below this are published. An import writes its rows behind it, and raising it shows them all at
   * once; so this is the number of prompts as well.
   */
  promptCount: integer('prompt_count').notNull().default(0),
  /** Published responses. */
  responseCount: integer('response_count').notNull().default(0),
  /** Additions of responses that are published: see responses.addition. */
  additions: integer('additions').notNull().default(0),
  createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** What a project's tiers were called before: annotations name the version that they were judged by. */
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

/** What annotators are told to judge by: append-only versions, the largest is in force. */
export const guidelineVersions = pgTable(
  'guideline_versions',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    version: integer('version').notNull(),
    /** Markdown. */
    body: text('body').notNull(),
    /** Markdown, one a tier, index 0 = best; '' for none. */
    examples: jsonb('examples').$type<string[]>().notNull(),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.version] })],
);

/** Who has read which version. */
export const guidelineReadings = pgTable(
  'guideline_readings',
  {
    projectId: uuid('project_id').notNull(),
    version: integer('version').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.userId, table.version] }),
    foreignKey({
      columns: [table.projectId, table.version],
      foreignColumns: [guidelineVersions.projectId, guidelineVersions.version],
      name: 'guideline_readings_version',
    }).onDelete('cascade'),
  ],
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
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.userId] })],
);

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
    /** SHA-256 over the record as imported: equal hash on re-import means nothing to do. Added responses leave it. */
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
    /** Import order within the prompt, from 0; added ones come behind. */
    position: integer('position').notNull(),
    /** When it was added to a prompt that was there; null for one that came with its prompt. */
    addedAt: timestamp('added_at', { withTimezone: true }),
    /** Which addition of the project it came with, from 1; published once projects.additions has reached it. */
    addition: integer('addition'),
  },
  (table) => [
    uniqueIndex('responses_external_id').on(table.promptId, table.externalId),
    index('responses_added').on(table.promptId).where(sql`${table.addedAt} is not null`),
  ],
);

// ---------- annotations ----------

export const annotations = pgTable(
  'annotations',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id),
    /** 1, 2, 3, ... per prompt and annotator; the largest is the one in force. */
    version: integer('version').notNull(),
    /** Chosen by the client once a submission: a retry with the same key stores nothing new. */
    idempotencyKey: text('idempotency_key').notNull(),
    /** The annotator said that no response is acceptable: pairs still count, but there is no SFT target. */
    allBad: boolean('all_bad').notNull().default(false),
    /** Which names the tiers had on the board: see projects.tiers_version. */
    tiersVersion: integer('tiers_version').notNull().default(1),
    /** Milliseconds of work on the prompt: in sight, and not idle for a minute. */
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
    // Deleting a response looks for its placements.
    index('placements_response').on(table.responseId),
  ],
);

/** Prompts with known tiers, to practise on and to compare with. They are in no snapshot. */
export const goldPrompts = pgTable(
  'gold_prompts',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .primaryKey()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    /** Response id -> expected tier, a copy of its author's annotation; a response may be missing. */
    expected: jsonb('expected').$type<Record<string, number>>().notNull(),
    explanation: text('explanation').notNull().default(''),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [index('gold_prompts_project').on(table.projectId)],
);

/** What one annotator says about a prompt instead of, or beside, judging it: at most one mark of a kind. */
export const promptMarks = pgTable(
  'prompt_marks',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 'skipped': out of the queue until its annotator returns to it; 'flagged': somebody should look at it. */
    kind: text('kind').notNull(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    /** One of skipReasons in lib/schemas/prompt-mark.ts; null unless skipped. */
    reason: text('reason'),
    note: text('note').notNull().default(''),
    createdAt: createdAt(),
    /** When a researcher had looked at a flag; null while nobody has, and again when it is set anew. */
    resolvedAt: timestamp('resolved_at', { withTimezone: true }),
    resolvedBy: text('resolved_by').references(() => users.id, { onDelete: 'set null' }),
  },
  (table) => [
    primaryKey({ columns: [table.promptId, table.annotatorId, table.kind] }),
    index('prompt_marks_newest').on(table.projectId, table.createdAt),
    index('prompt_marks_own').on(table.projectId, table.annotatorId, table.createdAt),
  ],
);

/** Changes of marks that were carried out: one that arrives again, however late, undoes nothing newer. */
export const markChanges = pgTable(
  'mark_changes',
  {
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    idempotencyKey: text('idempotency_key').notNull(),
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.annotatorId, table.idempotencyKey] }),
    index('mark_changes_prompt').on(table.promptId),
  ],
);

/** Work in progress, one a prompt and annotator, so that it goes on at another machine. Never counts as judged. */
export const drafts = pgTable(
  'drafts',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The version it was begun on; a draft of an older one is not shown any more. */
    baseVersion: integer('base_version').notNull(),
    /** Grows with every change, on all machines together: a late or repeated request never undoes a newer one. */
    sequence: integer('sequence').notNull(),
    /** A DraftContent of lib/schemas/draft.ts. */
    content: jsonb('content').notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.promptId, table.annotatorId] })],
);

// ---------- long work ----------

/**
 * Work on a whole project, in many short transactions, of which the last one shows the result; at most one a project
 * is under way. What an ended or dead one has left is swept.
 */
export const jobs = pgTable(
  'jobs',
  {
    /** Chosen by whoever asks, so that he or she can follow and cancel it. */
    id: uuid('id').primaryKey(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** 'running' | 'done' | 'failed' | 'cancelled' */
    state: text('state').notNull().default('running'),
    done: integer('done').notNull().default(0),
    total: integer('total').notNull().default(0),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    /** While running: seconds without one mean that its server died. */
    heartbeatAt: timestamp('heartbeat_at', { withTimezone: true }).notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('jobs_running').on(table.projectId).where(sql`${table.state} = 'running'`)],
);

// ---------- kept counts: written by triggers alone (migration kept_counts), so that no page counts rows ----------

/** The version in force of each annotator on each prompt, with what is shown and counted of it. */
export const annotationHeads = pgTable(
  'annotation_heads',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .notNull()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
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
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
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
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    annotatorId: text('annotator_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    seconds: integer('seconds').notNull(),
    prompts: integer('prompts').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.annotatorId, table.seconds] })],
);

// ---------- snapshots, models, runs, scores ----------

export const snapshots = pgTable(
  'snapshots',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** SHA-256 over the canonical records: what "the same snapshot" means. */
    hash: text('hash').notNull(),
    /** The contents of snapshot.json. */
    header: jsonb('header').notNull(),
    promptCount: integer('prompt_count').notNull(),
    pairCount: integer('pair_count').notNull(),
    /** False while its records are being written: nobody sees it until then. */
    sealed: boolean('sealed').notNull().default(true),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('snapshots_hash').on(table.projectId, table.hash),
    index('snapshots_newest').on(table.projectId, table.createdAt),
  ],
);

export const snapshotRecords = pgTable(
  'snapshot_records',
  {
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => snapshots.id, { onDelete: 'cascade' }),
    position: integer('position').notNull(),
    /** The record's canonical JSON text, byte for byte what an export contains. */
    record: text('record').notNull(),
  },
  (table) => [primaryKey({ columns: [table.snapshotId, table.position] })],
);

export const models = pgTable('models', {
  /** 'demo' for the bundled model, else a uuid. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** 'bundled' (files under public/models/<id>) | 'run' (files of run `runId`) | 'added' (of the added model `id`). */
  kind: text('kind').notNull(),
  runId: uuid('run_id'),
  parameters: bigint('parameters', { mode: 'number' }).notNull(),
  createdAt: createdAt(),
});

/** Models that administrators added. One has a row in `models`, of the same id, from when it was checked on. */
export const addedModels = pgTable('added_models', {
  id: id(),
  name: text('name').notNull(),
  /** 'folder' (uploaded) | 'server' (files under MODELS_DIR) | 'hub' (each browser downloads it). */
  source: text('source').notNull(),
  /** The folder's name, its path below MODELS_DIR, or the hub's address with the commit. */
  address: text('address').notNull(),
  addedBy: text('added_by').references(() => users.id, { onDelete: 'set null' }),
  createdAt: createdAt(),
});

export const addedModelFiles = pgTable(
  'added_model_files',
  {
    modelId: uuid('model_id')
      .notNull()
      .references(() => addedModels.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** Milliseconds since 1970, of an upload and a file on the server: another time is another file. Null for a hub's. */
    modified: bigint('modified', { mode: 'number' }),
    /** Of an uploaded file, once it is there: bytes lie in DATA_DIR/files/<sha256>. */
    sha256: text('sha256'),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.name] })],
);

/** Files on their way in, in pieces: their bytes lie in DATA_DIR/uploads/<id> until they are whole and taken. */
export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Where it is for: an import into a project, or a file of a model that is being added. */
    projectId: uuid('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    modelId: uuid('model_id').references(() => addedModels.id, { onDelete: 'cascade' }),
    /** How its sender knows the file again. */
    name: text('name').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** Once all bytes are there and proved to be those that were sent. */
    sha256: text('sha256'),
    createdAt: createdAt(),
    /** When the last bytes came. */
    updatedAt: updatedAt(),
  },
  (table) => [index('uploads_user_id').on(table.userId), index('uploads_updated_at').on(table.updatedAt)],
);

export const runs = pgTable(
  'runs',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => snapshots.id),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    /** A RunConfig of lib/schemas/run.ts. */
    config: jsonb('config').notNull(),
    /** As trainer/contract/run-status.ts has them; a running one without a heartbeat reads as 'interrupted'. */
    status: text('status').$type<StoredRunStatus>().notNull().default('created'),
    backend: text('backend'),
    /** All of the model's parameters, or those of the adapter; null until the worker has said it. */
    trainedParameters: bigint('trained_parameters', { mode: 'number' }),
    step: integer('step').notNull().default(0),
    totalSteps: integer('total_steps').notNull().default(0),
    /** Held-out pairwise accuracy before and after with intervals: a RunEvaluation of lib/schemas/run.ts. */
    evaluation: jsonb('evaluation'),
    error: text('error'),
    /** What `error` says in English, for any language: a Message of trainer/contract/message.ts. */
    failure: jsonb('failure'),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    startedAt: timestamp('started_at', { withTimezone: true }),
    heartbeatAt: timestamp('heartbeat_at', { withTimezone: true }),
    finishedAt: timestamp('finished_at', { withTimezone: true }),
  },
  (table) => [index('runs_project').on(table.projectId)],
);

export const runMetrics = pgTable(
  'run_metrics',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** Optimizer step, from 1; 0 holds the evaluation before training. */
    step: integer('step').notNull(),
    epoch: doublePrecision('epoch').notNull(),
    sftLoss: doublePrecision('sft_loss'),
    rankLoss: doublePrecision('rank_loss'),
    loss: doublePrecision('loss'),
    learningRate: doublePrecision('learning_rate'),
    gradNorm: doublePrecision('grad_norm'),
    /** Pairwise ranking accuracy on held-out prompts, only on steps that measured it. */
    heldOutAccuracy: doublePrecision('held_out_accuracy'),
    elapsedMs: doublePrecision('elapsed_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.step] })],
);

/** Weights, adapters and checkpoints of a run; bytes lie in DATA_DIR/files/<sha256>. */
export const runFiles = pgTable(
  'run_files',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    sha256: text('sha256').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.name] })],
);

export const scores = pgTable(
  'scores',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    /** External ids as in the snapshot's records: a score belongs to the snapshot, not to later edits. */
    promptId: text('prompt_id').$type<ExternalPromptId>().notNull(),
    responseId: text('response_id').$type<ExternalResponseId>().notNull(),
    /** 'before' | 'after' training. */
    stage: text('stage').notNull(),
    /** Length-normalised log-probability. */
    score: doublePrecision('score').notNull(),
    heldOut: boolean('held_out').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.promptId, table.responseId, table.stage] })],
);
