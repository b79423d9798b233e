import { bigint, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt, id, updatedAt } from './columns';
import { addedModels } from './models';
import { projects } from './projects';

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
