import { bigint, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { users } from './accounts';
import { createdAt, id } from './columns';

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

/** Models that administrators added. A row in `models` with the same id exists once the model has been checked. */
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
    /**
     * Modification time in milliseconds since 1970; a file with another time counts as another file. Null for a hub's
     * files.
     */
    modified: bigint('modified', { mode: 'number' }),
    /** Set once an uploaded file is complete; its bytes are in DATA_DIR/files/<sha256>. */
    sha256: text('sha256'),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.name] })],
);
