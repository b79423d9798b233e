import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AnnotationOfKind,
  type AnnotationWithPlacements,
  currentAnnotationsOn,
  type Whose,
} from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { type JudgedPromptRow, judgedPromptsAfter } from '@/lib/db/judged-prompts';
import { type ResponseRow, responsesOfPrompts } from '@/lib/db/prompts';
import { collapsePlacements, expandPlacements } from '@/lib/ranking/equal-responses';
import { type JudgedOrder, weakOrder } from '@/lib/ranking/tiers';
import type { PromptId } from '@/trainer/contract/ids';

/** A prompt with the annotations in force that count, or everybody's. */
export interface PromptJudgements extends JudgedPromptRow {
  responses: readonly ResponseRow[];
  annotations: readonly AnnotationOfKind[];
}

/** The annotations in force of each of these prompts that count, or everybody's, in the prompts' order. */
export async function judgementsOfPrompts(
  db: Database,
  promptIds: readonly PromptId[],
  whose: Whose = 'counted',
): Promise<Pick<PromptJudgements, 'responses' | 'annotations'>[]> {
  const responses = await responsesOfPrompts(db, promptIds);
  const annotations = new Map<string, AnnotationOfKind[]>(promptIds.map((id) => [id, []]));
  for (const one of await currentAnnotationsOn(db, promptIds, { whose })) annotations.get(one.promptId)?.push(one);
  return promptIds.map((id) => ({ responses: responses.get(id) ?? [], annotations: annotations.get(id) ?? [] }));
}

/** The annotations in force of one prompt that count. */
export const judgementsOfPrompt = async (db: Database, promptId: PromptId) =>
  (await judgementsOfPrompts(db, [promptId]))[0]!;

/** The next prompts after a position (-1 for the first) that somebody has judged, in import order, without gold. */
export async function promptJudgementsAfter(
  db: Database,
  projectId: string,
  position: number,
  { limit, whose = 'counted' }: { limit: number; whose?: Whose },
): Promise<PromptJudgements[]> {
  const rows = await judgedPromptsAfter(db, projectId, position, limit);
  const judgements = await judgementsOfPrompts(
    db,
    rows.map(({ prompt }) => prompt.id),
    whose,
  );
  return rows.map((row, i) => ({ ...row, ...judgements[i]! }));
}

const PAGE = 100;
/** Between pages, so that people who annotate on the same database are not kept waiting. */
export const PAUSE_MS = 5;

/** All of them, page by page, for work in the background. No transaction is held open. */
export async function* judgedPages(
  db: Database,
  projectId: string,
  whose: Whose = 'counted',
): AsyncGenerator<PromptJudgements[]> {
  for (let position = -1; ; await sleep(PAUSE_MS)) {
    const page = await promptJudgementsAfter(db, projectId, position, { limit: PAGE, whose });
    if (page.length === 0) return;
    position = page.at(-1)!.prompt.position;
    yield page;
  }
}

type Judged = Pick<AnnotationWithPlacements, 'annotatorId' | 'placements'>;

/** Each annotator's order of the cards on the board, which shows equal responses once. */
export const shownOrders = (annotations: readonly Judged[], responses: readonly ResponseRow[]): JudgedOrder[] =>
  annotations.map(({ annotatorId, placements }) => ({
    annotator: annotatorId,
    order: weakOrder(collapsePlacements(placements, responses)),
  }));

/** Each annotator's order of all responses, equal ones tied, as snapshots take them. */
export const expandedOrders = (annotations: readonly Judged[], responses: readonly ResponseRow[]): JudgedOrder[] =>
  annotations.map(({ annotatorId, placements }) => ({
    annotator: annotatorId,
    order: weakOrder(expandPlacements(placements, responses)),
  }));
