import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { invalid } from '@/lib/auth/refusal';
import type { Database } from '@/lib/db/client';
import { appendPrompts, appendResponses, lockProject } from '@/lib/db/prompts';
import { firstErrors } from '@/lib/formats/jsonl';
import { parsePromptsJsonl } from '@/lib/formats/prompts-jsonl';
import type { ImportResult } from '@/lib/schemas/prompt-import';
import type { BadLine } from '@/lib/schemas/told';
import { compareImport } from './import-comparison';

/**
 * All or nothing, in one transaction.
 * @throws Refusal 'invalid' whose details name every bad or conflicting line (the first few hundred) with its reason
 */
export async function importPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
): Promise<ImportResult> {
  await authorizeInProject(db, actor, 'prompts.import', projectId);
  const { prompts, errors } = parsePromptsJsonl(file);
  if (errors.length > 0) throw refuse(errors);
  return db.transaction(async (tx) => {
    await lockProject(tx, projectId);
    const { added, unchanged, extended, conflicts } = await compareImport(tx, projectId, prompts);
    if (conflicts.length > 0) throw refuse(conflicts);
    await appendPrompts(tx, projectId, added);
    await appendResponses(
      tx,
      extended.flatMap(({ promptId, position, responses }) =>
        responses.map(({ id, label, ...response }, i) => ({
          ...response,
          promptId,
          externalId: id,
          label: label ?? null,
          position: position + i,
        })),
      ),
    );
    return { imported: added.length, unchanged, extended: extended.length };
  });
}

function refuse(errors: BadLine[]) {
  const lines = new Set(errors.map(({ line }) => line)).size;
  const { line, reason } = errors[0]!;
  return invalid('importRefused', { lines, line, reason }, (say) => firstErrors(errors, say));
}
