import type { Database } from '@/lib/db/client';
import {
  contentHashes,
  everyResponseOf,
  type PromptRow,
  promptsByExternalId,
  type ResponseRow,
} from '@/lib/db/prompts';
import { issue } from '@/lib/schemas/issue';
import { type ImportedPrompt, importLimits } from '@/lib/schemas/prompt-import';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import type { ExternalPromptId, PromptId } from '@/trainer/contract/ids';
import type { BadLine, Message } from '@/trainer/contract/message';
import { foldedText } from '@/trainer/data/response-text';
import { createYielder } from './yield-to-event-loop';

/** A prompt of a file, of which the content is read only where the project has another under the same id. */
export interface ComparedPrompt {
  line: number;
  externalId: ExternalPromptId;
  contentHash: string;
  prompt(): ImportedPrompt;
}

export interface ImportComparison<P extends ComparedPrompt> {
  /** Prompts that the project does not have, in file order. */
  added: P[];
  unchanged: number;
  /** Existing prompts to which a line adds responses, as `rescue sample` writes them. */
  extended: { promptId: PromptId; position: number; responses: ImportedPrompt['responses'] }[];
  /**
   * Lines whose external_id exists with other content. They are refused, since overwriting would invalidate
   * annotations.
   */
  conflicts: BadLine[];
}

/** Computes what an import would change in the project as it is now. It only reads. */
export async function compareImport<P extends ComparedPrompt>(
  db: Database,
  projectId: string,
  prompts: readonly P[],
): Promise<ImportComparison<P>> {
  const stored = await contentHashes(
    db,
    projectId,
    prompts.map(({ externalId }) => externalId),
  );
  const comparison: ImportComparison<P> = { added: [], unchanged: 0, extended: [], conflicts: [] };
  const differing: ComparedPrompt[] = [];
  for (const prompt of prompts) {
    const storedHash = stored.get(prompt.externalId);
    if (storedHash === undefined) comparison.added.push(prompt);
    else if (storedHash === prompt.contentHash) comparison.unchanged++;
    else differing.push(prompt);
  }
  await compareResponses(db, projectId, differing, comparison);
  return comparison;
}

/** Sorts lines of existing prompts into those that add responses, those that add nothing, and conflicts. */
async function compareResponses(
  db: Database,
  projectId: string,
  lines: readonly ComparedPrompt[],
  comparison: ImportComparison<ComparedPrompt>,
): Promise<void> {
  if (lines.length === 0) return;
  const rows = await promptsByExternalId(
    db,
    projectId,
    lines.map(({ externalId }) => externalId),
  );
  const responses = await everyResponseOf(
    db,
    [...rows.values()].map(({ id }) => id),
  );
  const yieldIfDue = createYielder();
  for (const compared of lines) {
    await yieldIfDue();
    const { line } = compared;
    const prompt = compared.prompt();
    const row = rows.get(prompt.externalId)!;
    const present = responses.get(row.id)!;
    const more = newResponses(prompt.responses, present);
    const reason = findConflict(prompt, row, present, more.length);
    if (reason !== null) comparison.conflicts.push({ line, reason });
    else if (more.length === 0) comparison.unchanged++;
    else {
      const position = present.reduce((maxCount, response) => Math.max(maxCount, response.position), -1) + 1;
      comparison.extended.push({ promptId: row.id, position, responses: more });
    }
  }
}

/** The responses that are new by id and by text: a response that repeats another's text would be judged twice. */
function newResponses(responses: ImportedPrompt['responses'], present: readonly ResponseRow[]) {
  const ids = new Set(present.map(({ externalId }) => externalId));
  const texts = new Set(present.map(({ text }) => foldedText(text)));
  return responses.filter(({ id, text }) => {
    const isNew = !ids.has(id) && !texts.has(foldedText(text));
    texts.add(foldedText(text));
    return isNew;
  });
}

/** Why a line conflicts with the existing prompt; null where it does not. */
function findConflict(
  prompt: ImportedPrompt,
  row: PromptRow,
  present: readonly ResponseRow[],
  more: number,
): Message | null {
  const id = prompt.externalId;
  const fingerprint = (messages: unknown, documents: unknown, label: unknown) =>
    canonicalJson([messages, documents, label]);
  const importedById = new Map(prompt.responses.map((response) => [response.id, response]));
  // A response that was added later may be missing, since the line may be older.
  const missing = present.some(({ externalId, addedAt }) => addedAt === null && !importedById.has(externalId));
  const same = fingerprint(prompt.messages, prompt.documents, prompt.referenceLabel ?? null);
  if (missing || same !== fingerprint(row.messages, row.documents, row.referenceLabel)) {
    return issue('promptDiffers', { id });
  }
  for (const { externalId, text, source, label } of present) {
    const given = importedById.get(externalId);
    if (given && (given.text !== text || given.source !== source || (given.label ?? null) !== label)) {
      return issue('responseDiffers', { id, response: externalId });
    }
  }
  const total = present.length + more;
  if (total <= importLimits.maxResponses) return null;
  return issue('tooManyResponses', { id, total, most: importLimits.maxResponses });
}
