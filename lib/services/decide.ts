/** A reviewer's decision about a prompt. It stands beside the annotations, which stay as they are. */
import { randomUUID } from 'node:crypto';
import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, assertOpen } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { lockPlaces } from '@/lib/db/coverage';
import { type Decision, decisionByKey, decisionsOn, insertDecision } from '@/lib/db/decisions';
import { draftsBy } from '@/lib/db/drafts';
import { goldAmong } from '@/lib/db/gold';
import { tiersForJudging } from '@/lib/db/projects';
import { annotatedAmong, lockPrompts, type PromptRow, promptOfProject, responsesOfPrompts } from '@/lib/db/prompts';
import type { SaveDecisionRequest, SavedDecision, WithdrawDecisionRequest } from '@/lib/schemas/decision';
import { noRemarks } from '@/lib/schemas/remark-rules';
import type { PromptId } from '@/trainer/contract/ids';
import { checkPlacements, isSameJudgement, placementsToStore } from './check-placements';
import { checkRemarks } from './check-remarks';

/**
 * Appends a decision, which is in force until the next one.
 * @returns created: false when this request had been stored before
 * @throws Refusal 'conflict' when somebody has decided since `baseVersion`, when a text was corrected since `textVersion`
 * so that it is judged again, when nobody has judged the prompt, when it is gold, or when the reviewer has begun an
 * annotation of it and does not say to decide all the same
 */
export async function saveDecision(
  actor: Actor,
  db: Database,
  projectId: string,
  request: SaveDecisionRequest,
): Promise<SavedDecision & { created: boolean }> {
  const { project } = await authorizeInProject(db, actor, 'adjudicate', projectId);
  const { promptId, placements, allBad, timeOnTaskMs, textVersion, remarks = noRemarks } = request;
  return append(actor, db, projectId, request, async (tx, version, { judgedFrom }, judging) => {
    const responses = (await responsesOfPrompts(tx, [promptId])).get(promptId)!;
    const { tiers, tiersVersion } = judging;
    if (textVersion !== undefined && textVersion < judgedFrom) throw conflict('textChangedSince');
    checkPlacements(placements, responses, tiers.length);
    checkRemarks(remarks, responses, project.issueTags);
    if (!(await annotatedAmong(tx, [promptId])).has(promptId)) throw conflict('nobodyJudgedYet');
    if ((await goldAmong(tx, [promptId])).has(promptId)) throw conflict('goldIsDecided');
    if (!request.besideOwnDraft && (await hasOwnDraft(tx, actor, promptId))) throw conflict('ownDraftBegun');
    const decision = {
      projectId,
      promptId,
      reviewerId: actor.userId,
      version,
      idempotencyKey: request.idempotencyKey,
      kind: 'decided' as const,
      allBad,
      tiersVersion: Math.min(request.tiersVersion ?? tiersVersion, tiersVersion),
      timeOnTaskMs,
      remarks,
    };
    await insertDecision(tx, decision, placementsToStore(placements, responses));
  });
}

/** From here on nothing is decided about the prompt, and it is in the queue again where annotators differ. */
export async function withdrawDecision(
  actor: Actor,
  db: Database,
  projectId: string,
  { reason, ...request }: WithdrawDecisionRequest,
): Promise<SavedDecision & { created: boolean }> {
  await authorizeInProject(db, actor, 'adjudicate', projectId);
  const { promptId, idempotencyKey } = request;
  const content = { placements: [], allBad: false, remarks: { ...noRemarks, comment: reason } };
  return append(actor, db, projectId, { ...request, ...content }, async (tx, version, _prompt, _judging, current) => {
    if (current?.kind !== 'decided') throw conflict('notDecided');
    const withdrawal = { projectId, promptId, reviewerId: actor.userId, version, idempotencyKey };
    await insertDecision(tx, { ...withdrawal, kind: 'withdrawn', remarks: content.remarks }, []);
  });
}

/** The prompt's texts were corrected so that nothing said of them counts: nor does what was decided. It is locked. */
export async function endDecision(
  tx: Database,
  actor: Actor,
  { id: promptId, projectId }: Pick<PromptRow, 'id' | 'projectId'>,
  reason: string,
): Promise<void> {
  const [current] = await decisionsOn(tx, [promptId]);
  if (current?.kind !== 'decided') return;
  const withdrawal = { projectId, promptId, reviewerId: actor.userId, version: current.version + 1 };
  const remarks = { ...noRemarks, comment: reason };
  await insertDecision(tx, { ...withdrawal, idempotencyKey: randomUUID(), kind: 'withdrawn', remarks }, []);
}

/** Whether the actor has begun an annotation of the prompt, or a change of one, that was not saved. */
export async function hasOwnDraft(db: Database, { userId }: Actor, promptId: PromptId): Promise<boolean> {
  const draft = (await draftsBy(db, userId, [promptId])).get(promptId);
  if (!draft) return false;
  const [own] = await currentAnnotationsBy(db, userId, [promptId]);
  return draft.baseVersion === (own?.version ?? 0);
}

type Request = Pick<
  SaveDecisionRequest,
  'promptId' | 'idempotencyKey' | 'baseVersion' | 'placements' | 'allBad' | 'remarks'
>;

async function append(
  actor: Actor,
  db: Database,
  projectId: string,
  request: Request,
  store: (
    tx: Database,
    version: number,
    prompt: PromptRow,
    judging: Awaited<ReturnType<typeof tiersForJudging>>,
    current: Decision | undefined,
  ) => Promise<void>,
): Promise<SavedDecision & { created: boolean }> {
  const { promptId, idempotencyKey, baseVersion } = request;
  try {
    return await db.transaction(async (tx) => {
      await lockPrompts(tx, [promptId]);
      const [current] = await decisionsOn(tx, [promptId]);
      const earlier = await decisionByKey(tx, actor.userId, idempotencyKey);
      if (earlier) {
        const responses = (await responsesOfPrompts(tx, [earlier.promptId])).get(earlier.promptId)!;
        if (!isSameJudgement(earlier, request, responses)) throw conflict('keyOfAnother');
        return { version: earlier.version, created: false };
      }
      const prompt = await promptOfProject(tx, projectId, promptId);
      if (!prompt) throw notFound('noSuchPrompt');
      const version = current?.version ?? 0;
      if (baseVersion !== version)
        throw conflict('decidedMeanwhile', { name: current?.reviewerName ?? '' }, { version });
      await lockPlaces(tx, promptId);
      const judging = await tiersForJudging(tx, projectId);
      // It may have been archived since it was looked up before the transaction.
      assertOpen(judging.state, 'adjudicate');
      await store(tx, version + 1, prompt, judging, current);
      return { version: version + 1, created: true };
    });
  } catch (error) {
    // The same key came for two prompts at once.
    if (isUniqueViolation(error)) throw conflict('keyOfAnother');
    throw error;
  }
}
