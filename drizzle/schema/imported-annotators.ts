import { pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt } from './columns';
import { projectReference } from './references';

/**
 * Annotators who came with a file, one for each name in a project. Each is a row of users, so that annotations know one
 * kind of author, but nobody's account; it is deleted with the project.
 */
export const importedAnnotators = pgTable(
  'imported_annotators',
  {
    userId: text('user_id')
      .primaryKey()
      .references(() => users.id, { onDelete: 'cascade' }),
    projectId: projectReference(),
    /** As files write it. */
    name: text('name').notNull(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('imported_annotators_name').on(table.projectId, table.name)],
);
