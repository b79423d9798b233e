import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ExternalPromptId, ExternalResponseId } from '../../trainer/contract/ids';
import type { StoredRunStatus } from '../../trainer/contract/run-status';
import { users } from './accounts';
import { createdAt, id } from './columns';
import { models } from './models';
import { projectReference } from './references';
import { snapshots } from './snapshots';

export const runs = pgTable(
  'runs',
  {
    id: id(),
    projectId: projectReference(),
    snapshotId: uuid('snapshot_id')
      .notNull()
      .references(() => snapshots.id),
    modelId: text('model_id')
      .notNull()
      .references(() => models.id),
    /** A TrainConfig of trainer/contract/train-config.ts, as it was when the run was created. */
    config: jsonb('config').notNull(),
    /** As trainer/contract/run-status.ts has them; a running one without a heartbeat reads as 'interrupted'. */
    status: text('status').$type<StoredRunStatus>().notNull().default('created'),
    backend: text('backend'),
    /** All of the model's parameters, or those of the adapter; null until the worker has reported it. */
    trainedParameters: bigint('trained_parameters', { mode: 'number' }),
    step: integer('step').notNull().default(0),
    totalSteps: integer('total_steps').notNull().default(0),
    /** Held-out pairwise accuracy before and after with intervals: a RunEvaluation of lib/schemas/run.ts. */
    evaluation: jsonb('evaluation'),
    error: text('error'),
    /** The same failure as `error`, as a translatable Message of trainer/contract/message.ts. */
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
