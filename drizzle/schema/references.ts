/** Foreign keys, with cascading deletes, to the three tables that most others refer to. */
import { text, uuid } from 'drizzle-orm/pg-core';
import type { PromptId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { projects } from './projects';
import { prompts } from './prompts';

export const projectReference = () =>
  uuid('project_id')
    .notNull()
    .references(() => projects.id, { onDelete: 'cascade' });

export const promptReference = () =>
  uuid('prompt_id')
    .$type<PromptId>()
    .notNull()
    .references(() => prompts.id, { onDelete: 'cascade' });

export const annotatorReference = () =>
  text('annotator_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });
