import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { PromptId } from '../../trainer/contract/ids';
import { users } from './accounts';
import { createdAt } from './columns';
import { prompts } from './prompts';
import { ofProject } from './references';

/** Prompts with known tiers, to practise on and to compare with. They are in no snapshot. */
export const goldPrompts = pgTable(
  'gold_prompts',
  {
    promptId: uuid('prompt_id')
      .$type<PromptId>()
      .primaryKey()
      .references(() => prompts.id, { onDelete: 'cascade' }),
    projectId: ofProject(),
    /** Response id -> expected tier, a copy of its author's annotation; a response may be missing. */
    expected: jsonb('expected').$type<Record<string, number>>().notNull(),
    explanation: text('explanation').notNull().default(''),
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [index('gold_prompts_project').on(table.projectId)],
);
