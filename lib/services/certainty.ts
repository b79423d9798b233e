/** How certain the consensus of each prompt is, kept where a project's overlap adapts to it. */
import type { AnnotationWithPlacements } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { type CoverageRow, lockPlaces, noteJudgements } from '@/lib/db/coverage';
import { judgementModelOf, storeJudgementModel } from '@/lib/db/judgement-models';
import { findProject, type ProjectRow } from '@/lib/db/projects';
import type { ResponseRow } from '@/lib/db/prompts';
import { sumTallies } from '@/lib/db/tallies';
import { consensusRuleOf } from '@/lib/ranking/consensus';
import { collapsePlacements, firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import { ConsensusPosterior } from '@/lib/ranking/posterior/consensus-posterior';
import { guessedModel, type JudgementModel, type ResponseJudgement } from '@/lib/ranking/posterior/judgement-model';
import type { PromptCertainty } from '@/lib/schemas/certainty';
import type { PromptId } from '@/trainer/contract/ids';
import { BackgroundWork } from './background-work';
import { judgedPages, judgementsOfPrompt, shownOrders } from './judged-prompts';
import type { JudgementModelInput } from './judgement-model-worker';
import { startThread } from './thread';

/** The model is estimated anew when there are so many annotations for each that it knows of, and some. */
const GROWTH = 1.2;
const FIRST_AFTER = 20;
/** Sums of probabilities are not exactly one. */
const ROUNDING = 1e-6;

/** A project in which the number of annotators adapts to how certain the consensus is. */
export type AdaptiveProject = ProjectRow & { overlap: number; overlapMinimum: number };

export const isAdaptive = (project: ProjectRow): project is AdaptiveProject =>
  project.overlap !== null && project.overlapMinimum !== null;

/** What is known of one prompt; null elsewhere, and until somebody has judged it. */
export function certaintyIn(
  project: ProjectRow,
  { certainty, judged, wanted, isGold }: Pick<CoverageRow, 'certainty' | 'judged' | 'wanted' | 'isGold'>,
): PromptCertainty | null {
  if (!isAdaptive(project) || certainty === null || isGold) return null;
  const isCertain = certainty >= project.closingCertainty * 10;
  return {
    share: certainty / 1000,
    most: project.overlap,
    isClosed: isCertain && wanted === judged && judged < project.overlap,
  };
}

/** In thousandths, by what is known of the project's people so far. */
export async function certaintyOf(
  tx: Database,
  project: AdaptiveProject,
  responses: readonly ResponseRow[],
  annotations: readonly AnnotationWithPlacements[],
): Promise<number> {
  const known = await judgementModelOf(tx, project.id);
  return thousandths(posteriorOf(project, known?.model), project, responses, annotations);
}

/** A model of another number of tiers is from before the tiers were changed. */
function posteriorOf(project: ProjectRow, model: JudgementModel | undefined): ConsensusPosterior {
  const tierCount = project.tiers.length;
  const fits = model?.tierCount === tierCount;
  return new ConsensusPosterior(fits ? model : guessedModel(tierCount), consensusRuleOf(project));
}

function thousandths(
  posterior: ConsensusPosterior,
  { overlap }: AdaptiveProject,
  responses: readonly ResponseRow[],
  annotations: readonly AnnotationWithPlacements[],
): number {
  const ids = firstOfEqualTexts(responses).map(({ id }) => id);
  const judgements = shownOrders(annotations, responses);
  // Rounded down, so that what is not quite certain enough is never taken for it.
  return Math.floor(posterior.of(ids, judgements, overlap).certainty * 1000 + ROUNDING);
}

const work = new BackgroundWork('The certainty of prompts could not be kept.');

/** Whether so much was judged since the model was estimated that it should be again. */
async function isDue(db: Database, projectId: string): Promise<boolean> {
  const versions = (await sumTallies(db, [projectId])).get(projectId)?.versions ?? 0;
  const known = await judgementModelOf(db, projectId);
  return versions >= (known?.versions ?? 0) * GROWTH + FIRST_AFTER;
}

/** Looks after an annotation whether the model is still good enough, in the background. */
export function followAnnotations(db: Database, project: ProjectRow): void {
  if (!isAdaptive(project) || work.isRunning(project.id)) return;
  work.add(project.id, async () => {
    if (await isDue(db, project.id)) await refreshCertainty(db, project.id);
  });
}

/** Makes everything follow changed settings, in the background. */
export function followSettings(db: Database, project: ProjectRow): void {
  if (isAdaptive(project)) work.add(project.id, () => refreshCertainty(db, project.id));
}

/** What is being done in the background for a project. */
export const certaintyWork = (projectId: string): Promise<void> => work.of(projectId);

/** Estimates anew how the project's people judge, and what follows for each prompt that was judged. */
export async function refreshCertainty(db: Database, projectId: string): Promise<void> {
  const project = await findProject(db, projectId);
  if (!project || !isAdaptive(project)) return;
  const versions = (await sumTallies(db, [projectId])).get(projectId)?.versions ?? 0;
  const model = await estimate(db, project);
  await storeJudgementModel(db, projectId, versions, model);
  const posterior = posteriorOf(project, model);
  for await (const page of judgedPages(db, projectId)) {
    for (const { prompt } of page) await keepCertainty(db, project, prompt.id, posterior);
  }
}

async function estimate(db: Database, project: AdaptiveProject): Promise<JudgementModel> {
  const thread = startThread<JudgementModelInput>('judgement-model-worker', { tierCount: project.tiers.length });
  try {
    for await (const page of judgedPages(db, project.id)) {
      const judgements = page.flatMap(({ responses, annotations }) =>
        annotations.flatMap(({ annotatorId, placements }) =>
          collapsePlacements(placements, responses).map(
            ({ responseId, tier }): ResponseJudgement => ({ item: responseId, annotator: annotatorId, tier }),
          ),
        ),
      );
      await thread.ask({ judgements });
    }
    return (await thread.ask('estimate')) as JudgementModel;
  } finally {
    await thread.end();
  }
}

/** The prompt is locked while it is looked at, so that what somebody saves meanwhile is not forgotten. */
async function keepCertainty(
  db: Database,
  project: AdaptiveProject,
  promptId: PromptId,
  posterior: ConsensusPosterior,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { certainty: before } = await lockPlaces(tx, promptId);
    const { responses, annotations } = await judgementsOfPrompt(tx, promptId);
    const certainty = thousandths(posterior, project, responses, annotations);
    if (certainty !== before) await noteJudgements(tx, promptId, { certainty });
  });
}
