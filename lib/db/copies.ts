import { goldPrompts, prompts, responses } from '@/drizzle/schema';
import type { Database } from './client';
import { chunks } from './prompts';

/** Inserts copies of rows, of which each has an id of its own. */
export async function insertCopies(
  tx: Database,
  rows: {
    prompts: (typeof prompts.$inferInsert)[];
    responses: (typeof responses.$inferInsert)[];
    gold: (typeof goldPrompts.$inferInsert)[];
  },
): Promise<void> {
  for (const chunk of chunks(rows.prompts)) await tx.insert(prompts).values(chunk);
  for (const chunk of chunks(rows.responses)) await tx.insert(responses).values(chunk);
  for (const chunk of chunks(rows.gold)) await tx.insert(goldPrompts).values(chunk);
}
