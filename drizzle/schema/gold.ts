import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { PromptId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { createdAt } from './columns';
import { prompts } from './prompts';
import { projectReference } from './references';

/** Prompts with known tiers, which annotators practise on and are compared with. No snapshot contains them. */
export const goldPrompts = pgTable(
  'gold_prompts',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .primaryKey()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    projectId: projectReference(),
    /** Response id -> expected tier, copied from its author's annotation; responses may be missing. */
    expected: jsonb('expected').$type<Record<string, number>>().notNull(),
    explanation: text('explanation').notNull().default(''),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [index('gold_prompts_project').on(table.projectId)],
);
