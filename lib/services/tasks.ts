import { createHash } from 'node:crypto';
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import { type AnnotatorInProject, heldPrompts, promptsInOrder } from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { draftsBy } from '@/lib/db/drafts';
import { goldOfProject } from '@/lib/db/gold';
import type { ProjectRow } from '@/lib/db/projects';
import { markedBy } from '@/lib/db/prompt-marks';
import {
  type PromptRow,
  promptOfProject,
  promptsToAnnotate,
  responsesOfPrompts,
  unsettledAmong,
} from '@/lib/db/prompts';
import { judgedAmong, tallyOf } from '@/lib/db/tallies';
import { collapsePlacements, firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import { type GoldCounts, goldTurns } from '@/lib/ranking/gold-turns';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import type { PromptId } from '@/trainer/contract/ids';
import { countRemaining, isForEverybody, takePrompts } from './take-prompts';

/** The next prompts that this annotator has not finished, except those in `exclude`, and the annotator's progress. */
export async function getNextTasks(
  actor: Actor,
  db: Database,
  projectId: string,
  { exclude, count }: { exclude: readonly string[]; count: number },
): Promise<TaskPage> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  const gold = new Set((await goldOfProject(db, projectId)).map((row) => row.gold.promptId));
  const rows = await nextPrompts(db, project, actor.userId, gold, { exclude: exclude.map(requireUuid), count });
  return { tasks: await tasksOf(actor, db, rows), progress: await progressOf(db, project, actor.userId, gold) };
}

/** The next prompts in the project's order, with gold prompts where they are due. */
async function nextPrompts(
  db: Database,
  project: ProjectRow,
  annotatorId: string,
  gold: ReadonlySet<PromptId>,
  { exclude, count }: { exclude: readonly PromptId[]; count: number },
): Promise<PromptRow[]> {
  const seen = await countSeen(db, { projectId: project.id, annotatorId }, gold, exclude);
  const left = project.promptLimit === null ? Number.POSITIVE_INFINITY : project.promptLimit - seen.others;
  const others = isForEverybody(project)
    ? await promptsForEverybody(db, { projectId: project.id, annotatorId }, [...exclude, ...gold], count)
    : await takePrompts(db, project, annotatorId, { exclude, gold, count, left });
  if (gold.size === 0) return others;
  const remainingGold = [...gold].filter((id) => !exclude.includes(id));
  const goldRows = await unsettledAmong(db, annotatorId, remainingGold, count);
  const turns = goldTurns(
    { warmUp: project.goldWarmUp, every: project.goldEvery },
    seen,
    { gold: goldRows.length, others: others.length },
    count,
  );
  return turns.map((isGold) => (isGold ? goldRows : others).shift()!);
}

/** Prompts in import order; those that a researcher chose for this annotator come first. */
async function promptsForEverybody(
  db: Database,
  place: AnnotatorInProject,
  exclude: readonly string[],
  count: number,
): Promise<PromptRow[]> {
  const named = (await heldPrompts(db, place)).filter((id) => !exclude.includes(id)).slice(0, count);
  const { projectId, annotatorId } = place;
  const others = await promptsToAnnotate(db, projectId, annotatorId, [...new Set([...exclude, ...named])], count);
  return [...(await promptsInOrder(db, named)), ...others].slice(0, count);
}

/** How many prompts the annotator has seen. Those that the client holds count, whether they are judged or not. */
async function countSeen(
  db: Database,
  { projectId, annotatorId }: AnnotatorInProject,
  gold: ReadonlySet<string>,
  exclude: readonly PromptId[],
): Promise<GoldCounts> {
  const judged = await judgedAmong(db, annotatorId, [...new Set([...gold, ...exclude])] as PromptId[]);
  const onPage = exclude.filter((id) => !judged.has(id));
  const seen = ((await tallyOf(db, projectId, annotatorId))?.prompts ?? 0) + onPage.length;
  const goldSeen = [...judged, ...onPage].filter((id) => gold.has(id)).length;
  return { gold: goldSeen, others: seen - goldSeen };
}

/**
 * How many prompts the annotator has finished, of how many. Where prompts have a number of places, that is what is still
 * to be had, or, while that is too many to count, what there is at most.
 */
async function progressOf(
  db: Database,
  project: ProjectRow,
  annotatorId: string,
  gold: ReadonlySet<PromptId>,
): Promise<TaskPage['progress']> {
  const place = { projectId: project.id, annotatorId };
  const done = (await tallyOf(db, project.id, annotatorId))?.finished ?? 0;
  const { promptCount, promptLimit } = project;
  if (isForEverybody(project)) return { done, total: promptCount };
  const remaining = await countRemaining(db, place, gold);
  const limit = promptLimit ?? Number.POSITIVE_INFINITY;
  if (!remaining) return { done, total: Math.max(done, Math.min(promptCount, limit + gold.size)) };
  const seen = await countSeen(db, place, gold, []);
  const goldLeft = (await unsettledAmong(db, annotatorId, [...gold], gold.size)).length;
  const open = Math.max(0, Math.min(remaining.open, limit - seen.others - remaining.own));
  return { done, total: done + remaining.own + open + goldLeft };
}

/** One prompt with the annotator's current version, to view or edit. */
export async function getTask(actor: Actor, db: Database, projectId: string, promptId: PromptId): Promise<Task> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  const row = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!row) throw notFound();
  return (await tasksOf(actor, db, [row]))[0]!;
}

/** Sources, labels and reference labels are omitted, since they would reveal which response to prefer. */
async function tasksOf(actor: Actor, db: Database, rows: PromptRow[]): Promise<Task[]> {
  const ids = rows.map(({ id }) => id);
  const responses = await responsesOfPrompts(db, ids);
  const annotations = new Map(
    (await currentAnnotationsBy(db, actor.userId, ids)).map((annotation) => [annotation.promptId, annotation]),
  );
  const flagged = await markedBy(db, actor.userId, ids, 'flagged');
  const drafts = await draftsBy(db, actor.userId, ids);
  return rows.map((row) => {
    const annotation = annotations.get(row.id);
    const draft = drafts.get(row.id);
    const promptResponses = responses.get(row.id)!;
    return {
      promptId: row.id,
      externalId: row.externalId,
      messages: row.messages,
      documents: row.documents,
      responses: shuffled(actor.userId, row.id, firstOfEqualTexts(promptResponses)).map(({ id, text }) => ({
        id,
        text,
      })),
      annotation: annotation
        ? {
            version: annotation.version,
            allBad: annotation.allBad,
            placements: collapsePlacements(annotation.placements, promptResponses),
            remarks: annotation.remarks,
          }
        : null,
      flagged: flagged.has(row.id),
      // A draft that started from an older version does not fit the current one.
      draft: draft && draft.baseVersion === (annotation?.version ?? 0) ? draft : null,
    };
  });
}

/** Shuffles deterministically by annotator and prompt. */
function shuffled<T extends { id: string }>(annotatorId: string, promptId: PromptId, items: readonly T[]): T[] {
  const key = (item: T) => createHash('sha256').update(`${annotatorId}\n${promptId}\n${item.id}`).digest('hex');
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
