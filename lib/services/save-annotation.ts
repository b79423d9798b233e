import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, assertOpen } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import {
  type AnnotationWithPlacements,
  annotationByKey,
  currentAnnotationsBy,
  insertAnnotation,
} from '@/lib/db/annotations';
import { fillPlace, placeOf, releaseExpiredOf } from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { isUniqueViolation } from '@/lib/db/constraint-errors';
import { lockPlaces } from '@/lib/db/coverage';
import { deleteDraft } from '@/lib/db/drafts';
import { goldAmong } from '@/lib/db/gold';
import { tiersForJudging } from '@/lib/db/projects';
import { correctionsOf } from '@/lib/db/prompt-changes';
import { deleteMark } from '@/lib/db/prompt-marks';
import { everyResponseOf, lockPrompts, type PromptRow, promptOfProject, type ResponseRow } from '@/lib/db/prompts';
import { noteAnswered } from '@/lib/db/sent-back-answers';
import { recordEvent } from '@/lib/db/webhooks';
import { judgedTexts } from '@/lib/ranking/judged-texts';
import type { SaveAnnotationRequest, SavedAnnotation } from '@/lib/schemas/annotation';
import { noRemarks } from '@/lib/schemas/remark-rules';
import { followAnnotations, isAdaptive } from './certainty';
import { checkPlacements, isSameJudgement, placementsToStore } from './check-placements';
import { checkRemarks } from './check-remarks';
import { noteWhatFollows } from './note-what-follows';

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
    const saved = await db.transaction(async (tx) => {
      await lockPrompts(tx, [request.promptId]);
      // The version is read before the key, so that a retry of this request that commits in between is found by its
      // key.
      const [current] = await currentAnnotationsBy(tx, actor.userId, [request.promptId]);
      const earlier = await annotationByKey(tx, actor.userId, request.idempotencyKey);
      if (earlier) return answerRetry(tx, earlier, request);
      const prompt = await promptOfProject(tx, projectId, request.promptId);
      if (!prompt) throw notFound('noSuchPrompt');
      const responses = (await everyResponseOf(tx, [prompt.id])).get(prompt.id)!;
      const { tiers, tiersVersion, state } = await tiersForJudging(tx, projectId);
      assertOpen(state, 'annotate');
      checkPlacements(request.placements, responses, tiers.length);
      const textVersion = Math.min(request.textVersion ?? prompt.textVersion, prompt.textVersion);
      const { responses: judged } = judgedTexts((await correctionsOf(tx, [prompt.id])).get(prompt.id), textVersion);
      const shown = responses.map(({ id, text }) => ({ id, text: judged.get(id) ?? text }));
      checkRemarks(request.remarks, shown, project.issueTags);
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
          textVersion,
          timeOnTaskMs: request.timeOnTaskMs,
          remarks: request.remarks ?? noRemarks,
        },
        placementsToStore(request.placements, responses),
      );
      if (coverage.judged > 0 || isAdaptive(project)) await noteWhatFollows(tx, project, coverage);
      // A judged prompt is no longer skipped.
      await deleteMark(tx, prompt.id, actor.userId, 'skipped');
      await deleteDraft(tx, actor.userId, prompt.id);
      await noteAnswered(tx, prompt.id, actor.userId);
      // Ids alone: whoever is told must not learn what a peer thinks, nor who it was.
      await recordEvent(tx, projectId, 'annotation.saved', {
        annotationId: row.id,
        promptId: prompt.id,
        version: row.version,
      });
      const gold = (await goldAmong(tx, [prompt.id])).get(prompt.id);
      // The author of the expected tiers gets no feedback.
      const practised = gold !== undefined && gold.createdBy !== actor.userId;
      return {
        annotationId: row.id,
        version: row.version,
        created: true,
        ...(practised ? { gold: true as const } : {}),
        ...changeMeanwhile(prompt, responses, request),
      };
    });
    followAnnotations(db, project);
    return saved;
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
  if (!own && isFull(coverage) && (await releaseExpiredOf(tx, id))) coverage = await lockPlaces(tx, id);
  await fillPlace(tx, { projectId, annotatorId }, id, !own && isFull(coverage) && !coverage.isGold);
  return coverage;
}

const isFull = ({ wanted, judged, outsideOverlap, held }: Awaited<ReturnType<typeof lockPlaces>>) =>
  wanted !== null && judged - outsideOverlap + held >= wanted;

/** What became of the prompt while the board was open, for whoever saved it: nothing of the work is lost by it. */
function changeMeanwhile(
  prompt: PromptRow,
  responses: readonly ResponseRow[],
  { placements, textVersion = prompt.textVersion }: SaveAnnotationRequest,
): Pick<SavedAnnotation, 'meanwhile'> {
  if (prompt.withdrawnAt) return { meanwhile: 'withdrawn' };
  if (textVersion < prompt.textVersion) {
    return { meanwhile: textVersion < prompt.judgedFrom ? 'judge_again' : 'corrected' };
  }
  const withdrawn = new Set(responses.filter(({ withdrawnAt }) => withdrawnAt !== null).map(({ id }) => id));
  return placements.some(({ responseId }) => withdrawn.has(responseId)) ? { meanwhile: 'response_withdrawn' } : {};
}

/** A submission that differs from the one stored under its key must not be acknowledged, since it would be lost. */
async function answerRetry(db: Database, earlier: AnnotationWithPlacements, request: SaveAnnotationRequest) {
  const responses = (await everyResponseOf(db, [earlier.promptId])).get(earlier.promptId)!;
  if (!isSameJudgement(earlier, request, responses)) {
    throw conflict('keyOfAnother', {}, { promptId: earlier.promptId, version: earlier.version });
  }
  return { annotationId: earlier.id, version: earlier.version, created: false };
}

function stale(version: number) {
  return conflict('savedElsewhere', {}, { version });
}
