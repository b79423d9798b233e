import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import type { Database } from '@/lib/db/client';
import { firstErrors } from '@/lib/formats/first-errors';
import type { LineWarning, ParsedPrompts } from '@/lib/formats/format';
import type { Translate } from '@/lib/i18n/translate';
import type { ColumnMapping } from '@/lib/schemas/column-mapping';
import type { ImportPreview } from '@/lib/schemas/import-preview';
import { type ImportWarning, importLimits, importWarningKinds } from '@/lib/schemas/prompt-import';
import { proposedMapping } from './column-mappings';
import { contentHashOf } from './content-hash';
import { type ComparedPrompt, compareImport } from './import-comparison';
import type { ImportFile } from './import-file';
import { annotatorsWith, judgementFaults } from './import-judgements';
import { parseImport } from './parse-file';
import { createYielder } from './yield-to-event-loop';

const SAMPLE_SIZE = 5;
const WARNED_LINES = 5;
const LISTED_NAMES = 10;

/** What importing this file would do, with every problem as a sentence. It writes nothing. */
export async function previewImport(
  actor: Actor,
  db: Database,
  projectId: string,
  file: ImportFile,
  { translate, mapping }: { translate: Translate; mapping?: ColumnMapping | undefined },
): Promise<ImportPreview> {
  const { project } = await authorizeInProject(db, actor, 'prompts.import', projectId);
  const { prompts, judgements, columns, share, ...rest } = await parseImport(file, mapping);
  const inFile = new Set(prompts.map(({ prompt }) => prompt.externalId));
  const others = judgements.filter(({ promptId }) => !inFile.has(promptId));
  const errors = [...rest.errors, ...(await judgementFaults(db, projectId, others))];
  const { added, unchanged, extended, conflicts } = await compareImport(db, projectId, await compared(prompts));
  const problems = [...errors, ...conflicts].sort((a, b) => a.line - b.line);
  const bad = new Set(problems.map(({ line }) => line));
  const good = judgements.filter(({ line }) => !bad.has(line));
  const annotators = [...new Set(judgements.map(({ annotator }) => annotator))];
  const { title, fields, ...found } = rest.found;
  return {
    ok: problems.length === 0,
    ...(share !== undefined && { share }),
    canLeaveOut:
      problems.length > 0 && added.length + extended.length + good.length > 0 && !rest.errors.some(({ ends }) => ends),
    found: {
      title: translate(title),
      fields: [...fields],
      responses: prompts.reduce((sum, { prompt }) => sum + prompt.responses.length, 0),
      ...found,
      annotators: annotators.length,
      annotatorNames: annotators.slice(0, LISTED_NAMES),
      compressed: judgements.filter(({ levelCount }) => levelCount > project.tiers.length).length,
      tooManyAnnotators: (await annotatorsWith(db, projectId, annotators)) > importLimits.annotators,
    },
    counts: { new: added.length, unchanged, extended: extended.length, conflicting: conflicts.length },
    sample: prompts.slice(0, SAMPLE_SIZE).map(({ prompt }) => prompt),
    ...firstErrors(problems, translate),
    warnings: summarised(rest.warnings, translate),
    ...(columns.list.length > 0 && { columns: await proposedMapping(db, projectId, columns, mapping) }),
  };
}

async function compared(prompts: ParsedPrompts['prompts']): Promise<ComparedPrompt[]> {
  const yieldIfDue = createYielder();
  const all: ComparedPrompt[] = [];
  for (const { line, prompt } of prompts) {
    await yieldIfDue();
    all.push({ line, externalId: prompt.externalId, contentHash: contentHashOf(prompt), prompt: () => prompt });
  }
  return all;
}

function summarised(warnings: readonly LineWarning[], translate: Translate): ImportWarning[] {
  return importWarningKinds.flatMap((kind) => {
    const ofKind = warnings.filter((warning) => warning.kind === kind);
    const lines = ofKind.slice(0, WARNED_LINES).map(({ line, reason }) => ({ line, message: translate(reason) }));
    return ofKind.length > 0 ? [{ kind, count: ofKind.length, lines }] : [];
  });
}
