import { createHash } from 'node:crypto';
import type { Database } from '@/lib/db/client';
import {
  contentHashes,
  everyResponseOf,
  type PromptRow,
  promptsByExternalId,
  type ResponseRow,
} from '@/lib/db/prompts';
import type { ParsedPrompts } from '@/lib/formats/format';
import { promptContent } from '@/lib/formats/prompts-jsonl';
import { issue } from '@/lib/schemas/issue';
import { type ImportedPrompt, importLimits } from '@/lib/schemas/prompt-import';
import { canonicalJson } from '@/trainer/contract/canonical-json';
import type { PromptId } from '@/trainer/contract/ids';
import type { BadLine, Message } from '@/trainer/contract/message';
import { foldedText } from '@/trainer/data/response-text';
import { createYielder } from './yield-to-event-loop';

export interface ImportComparison {
  /** Prompts that the project does not have, in file order. */
  added: { prompt: ImportedPrompt; contentHash: string }[];
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
  const comparison: ImportComparison = { added: [], unchanged: 0, extended: [], conflicts: [] };
  const differing: ParsedPrompts['prompts'] = [];
  const yieldIfDue = createYielder();
  for (const { line, prompt } of prompts) {
    await yieldIfDue();
    const contentHash = createHash('sha256').update(promptContent(prompt)).digest('hex');
    const storedHash = stored.get(prompt.externalId);
    if (storedHash === undefined) comparison.added.push({ prompt, contentHash });
    else if (storedHash === contentHash) comparison.unchanged++;
    else differing.push({ line, prompt });
  }
  await compareResponses(db, projectId, differing, comparison);
  return comparison;
}

/** Sorts lines of existing prompts into those that add responses, those that add nothing, and conflicts. */
async function compareResponses(
  db: Database,
  projectId: string,
  lines: ParsedPrompts['prompts'],
  comparison: ImportComparison,
): Promise<void> {
  const rows = await promptsByExternalId(
    db,
    projectId,
    lines.map(({ prompt }) => prompt.externalId),
  );
  const responses = await everyResponseOf(
    db,
    [...rows.values()].map(({ id }) => id),
  );
  const yieldIfDue = createYielder();
  for (const { line, prompt } of lines) {
    await yieldIfDue();
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
