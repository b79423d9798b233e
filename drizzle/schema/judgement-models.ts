import { integer, jsonb, pgTable, timestamp } from 'drizzle-orm/pg-core';
import { projectReference } from './references';

/** How the people of each project with adaptive overlap judge, as it was last estimated. */
export const judgementModels = pgTable('judgement_models', {
  projectId: projectReference().primaryKey(),
  /** See lib/schemas/judgement-model.ts. */
  model: jsonb('model').notNull(),
  /** The annotations of the project at that time, every version counted. */
  versions: integer('versions').notNull(),
  estimatedAt: timestamp('estimated_at', { withTimezone: true }).notNull().defaultNow(),
});
