import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { firstErrors } from '@/lib/formats/first-errors';
import type { LineWarning } from '@/lib/formats/format';
import type { Translate } from '@/lib/i18n/translate';
import { type ImportPreview, type ImportWarning, importWarningKinds } from '@/lib/schemas/prompt-import';
import { compareImport } from './import-comparison';
import { parseFile } from './parse-file';

const SAMPLE_SIZE = 5;
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
  const { items: prompts, rest } = await parseFile('prompts', file);
  const { added, unchanged, extended, conflicts } = await compareImport(db, projectId, prompts);
  const problems = [...rest.errors, ...conflicts].sort((a, b) => a.line - b.line);
  return {
    ok: problems.length === 0,
    counts: { new: added.length, unchanged, extended: extended.length, conflicting: conflicts.length },
    sample: prompts.slice(0, SAMPLE_SIZE).map(({ prompt }) => prompt),
    ...firstErrors(problems, translate),
    warnings: summarised(rest.warnings, translate),
  };
}

function summarised(warnings: readonly LineWarning[], translate: Translate): ImportWarning[] {
  return importWarningKinds.flatMap((kind) => {
    const ofKind = warnings.filter((warning) => warning.kind === kind);
    const lines = ofKind.slice(0, WARNED_LINES).map(({ line, reason }) => ({ line, message: translate(reason) }));
    return ofKind.length > 0 ? [{ kind, count: ofKind.length, lines }] : [];
  });
}
