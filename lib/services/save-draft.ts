import { isDeepStrictEqual } from 'node:util';
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid, notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import { extendLeases } from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { draftsBy, upsertDraft } from '@/lib/db/drafts';
import { everyResponseOf, promptOfProject } from '@/lib/db/prompts';
import type { Draft } from '@/lib/schemas/draft';
import type { PromptId } from '@/trainer/contract/ids';
import { checkRemarks } from './check-remarks';

/**
 * Stores the actor's unsaved work on a prompt. Sending the same draft twice changes nothing.
 * @throws Refusal 'conflict' when a version newer than the draft's base was saved (details `{version}`) or a newer
 * draft
 * exists (details `{sequence}`); 'invalid' for responses of another prompt or tiers that do not exist
 */
export async function saveDraft(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: PromptId,
  draft: Draft,
): Promise<Pick<Draft, 'sequence'>> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  const prompt = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!prompt) throw notFound('noSuchPrompt');
  const stored = (await everyResponseOf(db, [prompt.id])).get(prompt.id)!;
  const responses = new Set(stored.map(({ id }) => id));
  const { placements } = draft.content;
  const given = new Set(placements.map(({ responseId }) => responseId));
  if (given.size < placements.length || [...given].some((id) => !responses.has(id))) {
    throw invalid('draftPlacements');
  }
  if (placements.some(({ tier }) => tier !== null && tier >= project.tiers.length)) {
    throw invalid('tiersUpTo', { last: project.tiers.length - 1 });
  }
  const { remarks } = draft.content;
  // Highlights of a board that was opened before a correction may not fit: nothing of them is lost, nor shown.
  const checked = remarks && prompt.textVersion > 1 ? { ...remarks, marks: [] } : remarks;
  checkRemarks(checked, stored, project.issueTags);
  // Whoever works on a prompt keeps it.
  await extendLeases(db, { projectId, annotatorId: actor.userId }, [prompt.id], project.leaseMinutes);
  return db.transaction(async (tx) => {
    const [current] = await currentAnnotationsBy(tx, actor.userId, [prompt.id]);
    const version = current?.version ?? 0;
    if (draft.baseVersion !== version) {
      throw conflict('draftOfOlderVersion', {}, { version });
    }
    if (await upsertDraft(tx, actor.userId, prompt.id, draft)) return { sequence: draft.sequence };
    const stored = (await draftsBy(tx, actor.userId, [prompt.id])).get(prompt.id);
    // This is a retry whose first answer was lost.
    if (isDeepStrictEqual(stored, draft)) return { sequence: draft.sequence };
    throw conflict('newerDraft', {}, { sequence: stored?.sequence ?? draft.sequence });
  });
}
