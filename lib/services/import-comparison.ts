import { createHash } from 'node:crypto';
import type { Database } from '@/lib/db/client';
import { contentHashes } from '@/lib/db/prompts';
import { type ParsedPrompts, promptContent } from '@/lib/formats/prompts-jsonl';
import type { ImportedPrompt, LineError } from '@/lib/schemas/prompt-import';

export interface ImportComparison {
  /** Not there yet, in file order. */
  added: { prompt: ImportedPrompt; contentHash: string }[];
  unchanged: number;
  /** Same external_id, other content: named by line, for overwriting would pull annotated responses from under people. */
  conflicts: LineError[];
}

/** What an import would do to the project as it is now. Reads only. */
export async function compareImport(
  db: Database,
  projectId: string,
  prompts: ParsedPrompts['prompts'],
): Promise<ImportComparison> {
  const stored = await contentHashes(
    db,
    projectId,
    prompts.map(({ prompt }) => prompt.externalId),
  );
  const comparison: ImportComparison = { added: [], unchanged: 0, conflicts: [] };
  for (const { line, prompt } of prompts) {
    const contentHash = createHash('sha256').update(promptContent(prompt)).digest('hex');
    const known = stored.get(prompt.externalId);
    if (known === undefined) comparison.added.push({ prompt, contentHash });
    else if (known === contentHash) comparison.unchanged++;
    else {
      comparison.conflicts.push({
        line,
        message: `external_id "${prompt.externalId}" is in this project with different content; give the new one another id`,
      });
    }
  }
  return comparison;
}
