import { createHash } from 'node:crypto';
import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
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
import { goldTurns } from '@/lib/ranking/gold-turns';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import type { PromptId } from '@/trainer/contract/ids';

/** The next prompts that this annotator has not finished, except those in `exclude`, and the annotator's progress. */
export async function getNextTasks(
  actor: Actor,
  db: Database,
  projectId: string,
  { exclude, count }: { exclude: readonly string[]; count: number },
): Promise<TaskPage> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  const rows = await nextPrompts(db, project, actor.userId, exclude.map(requireUuid), count);
  return {
    tasks: await tasksOf(actor, db, rows),
    progress: { done: (await tallyOf(db, projectId, actor.userId))?.finished ?? 0, total: project.promptCount },
  };
}

/** Prompts in import order, with gold prompts where they are due. */
async function nextPrompts(db: Database, project: ProjectRow, annotatorId: string, exclude: string[], count: number) {
  const gold = new Set((await goldOfProject(db, project.id)).map((row) => row.gold.promptId));
  const excludedIds = [...new Set([...exclude, ...gold])];
  const others = await promptsToAnnotate(db, project.id, annotatorId, excludedIds, count);
  if (gold.size === 0) return others;
  const remainingGold = [...gold].filter((id) => !exclude.includes(id));
  const goldRows = await unsettledAmong(db, project.id, annotatorId, remainingGold, count);
  // Prompts that the client holds already count as seen, whether they are judged or not.
  const judged = await judgedAmong(db, annotatorId, [...gold, ...exclude]);
  const onPage = exclude.filter((id) => !judged.has(id));
  const seen = ((await tallyOf(db, project.id, annotatorId))?.prompts ?? 0) + onPage.length;
  const goldSeen = [...judged, ...onPage].filter((id) => gold.has(id)).length;
  const turns = goldTurns(
    { warmUp: project.goldWarmUp, every: project.goldEvery },
    { gold: goldSeen, others: seen - goldSeen },
    { gold: goldRows.length, others: others.length },
    count,
  );
  return turns.map((isGold) => (isGold ? goldRows : others).shift()!);
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
