import type { Database } from '@/lib/db/client';
import { lockPlaces, noteDisagreements, noteJudgements } from '@/lib/db/coverage';
import { findProject, type ProjectRow } from '@/lib/db/projects';
import { disagreement } from '@/lib/ranking/disagreement';
import type { PromptId } from '@/trainer/contract/ids';
import { BackgroundWork } from './background-work';
import { certaintyOf, isAdaptive } from './certainty';
import {
  judgedPages,
  judgementsOfPrompt,
  judgementsOfPrompts,
  type PromptJudgements,
  shownOrders,
} from './judged-prompts';

/**
 * Keeps how far annotators differ on a prompt, whose places are locked, and how certain that makes the consensus where
 * overlap adapts to it.
 */
export async function noteWhatFollows(
  tx: Database,
  project: ProjectRow,
  { promptId, isGold }: Awaited<ReturnType<typeof lockPlaces>>,
): Promise<void> {
  const judgements = await judgementsOfPrompt(tx, promptId);
  const { responses, annotations } = judgements;
  await noteJudgements(tx, promptId, {
    disagreement: disagreementOf(judgements),
    ...(isAdaptive(project) && !isGold ? { certainty: await certaintyOf(tx, project, responses, annotations) } : {}),
  });
}

/** The same for several prompts of a project, in a few statements. */
export async function noteWhatFollowsOn(
  tx: Database,
  project: ProjectRow,
  promptIds: readonly PromptId[],
): Promise<void> {
  if (isAdaptive(project)) {
    for (const promptId of [...promptIds].sort()) await noteWhatFollows(tx, project, await lockPlaces(tx, promptId));
    return;
  }
  const judgements = await judgementsOfPrompts(tx, promptIds);
  await noteDisagreements(
    tx,
    promptIds.map((id, i) => [id, disagreementOf(judgements[i]!)]),
  );
}

/** In thousandths; null before two have judged. */
function disagreementOf({
  annotations,
  responses,
}: Pick<PromptJudgements, 'annotations' | 'responses'>): number | null {
  const share = disagreement(shownOrders(annotations, responses).map(({ order }) => order));
  return share === null ? null : Math.round(share * 1000);
}

const work = new BackgroundWork('What follows from a change of whose judgements count could not be noted.');

/** After a change of whose judgements count: notes in the background what follows for every judged prompt. */
export function followCounting(db: Database, projectId: string): void {
  work.add(projectId, async () => {
    const project = await findProject(db, projectId);
    if (!project) return;
    for await (const page of judgedPages(db, projectId)) {
      const ids = page.map(({ prompt }) => prompt.id);
      await db.transaction((tx) => noteWhatFollowsOn(tx, project, ids));
    }
  });
}
