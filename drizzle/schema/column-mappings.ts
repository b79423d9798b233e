import { jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { ColumnMapping } from '../../lib/schemas/column-mapping';
import { updatedAt } from './columns';
import { projectReference } from './references';

/** What the columns of imported files hold, as somebody said it last, by the set of their names. */
export const columnMappings = pgTable(
  'column_mappings',
  {
    projectId: projectReference(),
    /** A hash of the names, whatever their order. */
    columns: text('columns').notNull(),
    mapping: jsonb('mapping').$type<ColumnMapping>().notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.columns] })],
);
