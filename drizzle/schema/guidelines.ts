import { foreignKey, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt } from './columns';
import { projectReference } from './references';

/** The guidelines that annotators judge by, as append-only versions; the largest version is in force. */
export const guidelineVersions = pgTable(
  'guideline_versions',
  {
    projectId: projectReference(),
    version: integer('version').notNull(),
    /** Markdown. */
    body: text('body').notNull(),
    /** Markdown, one entry per tier, index 0 = best; '' where a tier has no examples. */
    examples: jsonb('examples').$type<string[]>().notNull(),
    createdBy: text('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.version] })],
);

/** Which person has acknowledged which version. */
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
