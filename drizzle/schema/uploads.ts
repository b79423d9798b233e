import { bigint, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt, id, updatedAt } from './columns';
import { addedModels } from './models';
import { projects } from './projects';

/**
 * Files that arrive in chunks; their bytes stay in DATA_DIR/uploads/<id> until the file is complete and has been used.
 */
export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The destination: an import into a project, or a file of a model that is being added. */
    projectId: uuid('project_id').references(() => projects.id, { onDelete: 'cascade' }),
    modelId: uuid('model_id').references(() => addedModels.id, { onDelete: 'cascade' }),
    /** By which the sender recognises the file when it resumes. */
    name: text('name').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** Set once all bytes have arrived and their hash has been verified. */
    sha256: text('sha256'),
    createdAt: createdAt(),
    /** When the last bytes arrived. */
    updatedAt: updatedAt(),
  },
  (table) => [index('uploads_user_id').on(table.userId), index('uploads_updated_at').on(table.updatedAt)],
);
