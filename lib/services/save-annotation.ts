import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, invalid, notFound } from '@/lib/auth/refusal';
import {
  type AnnotationWithPlacements,
  annotationByKey,
  currentAnnotationsBy,
  currentAnnotationsOn,
  insertAnnotation,
} from '@/lib/db/annotations';
import { fillPlace, lockPlaces, noteDisagreement, placeOf, releaseExpiredOf } from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { deleteDraft } from '@/lib/db/drafts';
import { goldAmong } from '@/lib/db/gold';
import { tiersForJudging } from '@/lib/db/projects';
import { deleteMark } from '@/lib/db/prompt-marks';
import { lockPrompts, type PromptRow, promptOfProject, type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { disagreement } from '@/lib/ranking/disagreement';
import { collapsePlacements, expandPlacements, firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import { weakOrder } from '@/lib/ranking/tiers';
import type { SaveAnnotationRequest, SavedAnnotation } from '@/lib/schemas/annotation';
import { noRemarks, remarksKey } from '@/lib/schemas/remark-rules';
import type { PromptId, ResponseId } from '@/trainer/contract/ids';
import type { Placement } from '@/trainer/contract/judgement';
import { checkRemarks } from './check-remarks';

/**
 * Appends a version of the actor's annotation. It returns only after the commit.
 * @returns created: false when this submission had been stored before (a retry after a lost answer)
 * @throws Refusal 'conflict' when the annotator has saved a newer version since `baseVersion`, or when the key was used
 * for another submission; 'invalid' when the placements are not exactly the prompt's responses or name an unknown tier,
 * or when remarks do not fit the stored texts
 */
export async function saveAnnotation(
  actor: Actor,
  db: Database,
  projectId: string,
  request: SaveAnnotationRequest,
): Promise<SavedAnnotation & { created: boolean }> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  try {
    return await db.transaction(async (tx) => {
      await lockPrompts(tx, [request.promptId]);
      // The version is read before the key, so that a retry of this request that commits in between is found by its
      // key.
      const [current] = await currentAnnotationsBy(tx, actor.userId, [request.promptId]);
      const earlier = await annotationByKey(tx, actor.userId, request.idempotencyKey);
      if (earlier) return answerRetry(tx, earlier, request);
      const prompt = await promptOfProject(tx, projectId, request.promptId);
      if (!prompt) throw notFound('noSuchPrompt');
      const responses = (await responsesOfPrompts(tx, [prompt.id])).get(prompt.id)!;
      const { tiers, tiersVersion } = await tiersForJudging(tx, projectId);
      checkPlacements(request, responses, tiers.length);
      checkRemarks(request.remarks, responses, project.issueTags);
      const version = current?.version ?? 0;
      if (request.baseVersion !== version) throw stale(version);
      const coverage = await fillPlaceOf(tx, actor.userId, prompt, version === 0);
      const row = await insertAnnotation(
        tx,
        {
          projectId,
          promptId: prompt.id,
          annotatorId: actor.userId,
          version: version + 1,
          idempotencyKey: request.idempotencyKey,
          allBad: request.allBad,
          // The names that the annotator saw, even if the tiers have been renamed since.
          tiersVersion: Math.min(request.tiersVersion ?? tiersVersion, tiersVersion),
          timeOnTaskMs: request.timeOnTaskMs,
          remarks: request.remarks ?? noRemarks,
        },
        placementsToStore(request.placements, responses),
      );
      if (coverage.judged > 0) await keepDisagreement(tx, prompt.id, responses);
      // A judged prompt is no longer skipped.
      await deleteMark(tx, prompt.id, actor.userId, 'skipped');
      await deleteDraft(tx, actor.userId, prompt.id);
      const gold = (await goldAmong(tx, [prompt.id])).get(prompt.id);
      // The author of the expected tiers gets no feedback.
      const practised = gold !== undefined && gold.createdBy !== actor.userId;
      return {
        annotationId: row.id,
        version: row.version,
        created: true,
        ...(practised ? { gold: true as const } : {}),
      };
    });
  } catch (error) {
    // Two concurrent requests of one annotator raced; the unique constraint let one of them through.
    if (!isUniqueViolation(error)) throw error;
    const earlier = await annotationByKey(db, actor.userId, request.idempotencyKey);
    if (earlier) return answerRetry(db, earlier, request);
    const [current] = await currentAnnotationsBy(db, actor.userId, [request.promptId]);
    throw stale(current?.version ?? 0);
  }
}

/**
 * Fills the place that the annotator holds, or one that is free. A board that outlived its lease is saved all the same,
 * as extra when all places are taken by then.
 */
async function fillPlaceOf(tx: Database, annotatorId: string, { id, projectId }: PromptRow, isFirst: boolean) {
  let coverage = await lockPlaces(tx, id);
  if (!isFirst) return coverage;
  const own = await placeOf(tx, id, annotatorId);
  if (coverage.wanted === null && !own) return coverage;
  if (!own && !coverage.isOpen && (await releaseExpiredOf(tx, id))) coverage = await lockPlaces(tx, id);
  await fillPlace(tx, { projectId, annotatorId }, id, !own && !coverage.isOpen && !coverage.isGold);
  return coverage;
}

async function keepDisagreement(tx: Database, promptId: PromptId, responses: readonly ResponseRow[]): Promise<void> {
  const versions = await currentAnnotationsOn(tx, [promptId]);
  const share = disagreement(versions.map(({ placements }) => weakOrder(collapsePlacements(placements, responses))));
  await noteDisagreement(tx, promptId, share === null ? null : Math.round(share * 1000));
}

/** A submission that differs from the one stored under its key must not be acknowledged, since it would be lost. */
async function answerRetry(db: Database, earlier: AnnotationWithPlacements, request: SaveAnnotationRequest) {
  const responses = (await responsesOfPrompts(db, [earlier.promptId])).get(earlier.promptId)!;
  const places = (placements: readonly Placement[]) =>
    collapsePlacements(placements, responses).map(place).sort().join();
  const place = ({ responseId, state, tier }: { responseId: ResponseId; state: string; tier: number | null }) =>
    `${responseId} ${state} ${tier}`;
  const same =
    earlier.promptId === request.promptId &&
    earlier.allBad === request.allBad &&
    remarksKey(earlier.remarks) === remarksKey(request.remarks) &&
    places(earlier.placements) === places(request.placements);
  if (!same) {
    throw conflict('keyOfAnother', {}, { promptId: earlier.promptId, version: earlier.version });
  }
  return { annotationId: earlier.id, version: earlier.version, created: false };
}

/** A response that was added while the board was open may lack a placement; the other placements still count. */
function checkPlacements(
  { placements }: SaveAnnotationRequest,
  expected: readonly Pick<ResponseRow, 'id' | 'text' | 'addedAt'>[],
  tierCount: number,
): void {
  const given = new Set(placements.map(({ responseId }) => responseId));
  const judged = new Set(collapsePlacements(placements, expected).map(({ responseId }) => responseId));
  const missing = firstOfEqualTexts(expected)
    .filter(({ id, addedAt }) => addedAt === null && !judged.has(id))
    .map(({ id }) => id);
  const foreign = [...given].filter((id) => !expected.some((response) => response.id === id));
  if (missing.length > 0 || foreign.length > 0) {
    throw invalid('allPlacements', {}, { missing, foreign });
  }
  const beyond = placements.find(({ tier }) => tier !== null && tier >= tierCount);
  if (beyond?.tier != null) throw invalid('noSuchTier', { tier: beyond.tier, last: tierCount - 1 });
}

/**
 * One placement per distinct text. Added responses that duplicate another's text exist from before duplicates were left
 * out; they keep placements of their own, which show that the annotator has seen every added response.
 */
function placementsToStore(
  placements: readonly Placement[],
  responses: readonly Pick<ResponseRow, 'id' | 'text' | 'addedAt'>[],
): Placement[] {
  const shown = new Set(firstOfEqualTexts(responses).map(({ id }) => id));
  const added = new Set(responses.filter(({ addedAt }) => addedAt !== null).map(({ id }) => id));
  return expandPlacements(placements, responses).filter(({ responseId: id }) => shown.has(id) || added.has(id));
}

function stale(version: number) {
  return conflict('savedElsewhere', {}, { version });
}
