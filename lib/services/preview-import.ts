import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import type { OddLine } from '@/lib/formats/format';
import { firstErrors } from '@/lib/formats/jsonl';
import type { Translate } from '@/lib/i18n/translate';
import { type ImportPreview, type ImportWarning, importWarningKinds } from '@/lib/schemas/prompt-import';
import { compareImport } from './import-comparison';
import { readFile } from './read-file';

const SAMPLE = 5;
const WARNED_LINES = 5;

/** What importing this file would do, with every problem as a sentence. It writes nothing. */
export async function previewImport(
  actor: Actor,
  db: Database,
  projectId: string,
  file: Uint8Array,
  translate: Translate,
): Promise<ImportPreview> {
  await authorizeInProject(db, actor, 'prompts.import', projectId);
  const { items: prompts, rest } = await readFile('prompts', file);
  const { added, unchanged, extended, conflicts } = await compareImport(db, projectId, prompts);
  const all = [...rest.errors, ...conflicts].sort((a, b) => a.line - b.line);
  return {
    ok: all.length === 0,
    counts: { new: added.length, unchanged, extended: extended.length, conflicting: conflicts.length },
    sample: prompts.slice(0, SAMPLE).map(({ prompt }) => prompt),
    ...firstErrors(all, translate),
    warnings: summarised(rest.warnings, translate),
  };
}

function summarised(warnings: readonly OddLine[], translate: Translate): ImportWarning[] {
  return importWarningKinds.flatMap((kind) => {
    const own = warnings.filter((warning) => warning.kind === kind);
    const lines = own.slice(0, WARNED_LINES).map(({ line, reason }) => ({ line, message: translate(reason) }));
    return own.length > 0 ? [{ kind, count: own.length, lines }] : [];
  });
}
