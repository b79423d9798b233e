import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import { type AnnotatorInProject, heldPrompts, promptsInOrder, type Reader } from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { draftsBy } from '@/lib/db/drafts';
import { goldOfProject } from '@/lib/db/gold';
import { languagesReadBy } from '@/lib/db/members';
import type { ProjectRow } from '@/lib/db/projects';
import { correctionsOf } from '@/lib/db/prompt-changes';
import { markedBy } from '@/lib/db/prompt-marks';
import {
  countWithdrawnFrom,
  everyResponseOf,
  type PromptRow,
  promptOfProject,
  promptsToAnnotate,
  type ResponseRow,
  responsesOfPrompts,
  unsettledAmong,
} from '@/lib/db/prompts';
import { openNotesTo, promptsSentBackTo } from '@/lib/db/sent-back-answers';
import { judgedAmong, tallyOf } from '@/lib/db/tallies';
import { collapsePlacements, expandPlacements, firstOfEqualTexts } from '@/lib/ranking/equal-responses';
import { type GoldCounts, goldTurns } from '@/lib/ranking/gold-turns';
import { judgedTexts } from '@/lib/ranking/judged-texts';
import type { Task, TaskPage } from '@/lib/schemas/annotation';
import type { Draft } from '@/lib/schemas/draft';
import type { Remarks } from '@/lib/schemas/remarks';
import type { PromptId } from '@/trainer/contract/ids';
import { withShownSources } from './shown-sources';
import { shuffled } from './shuffled';
import { countRemaining, isWholeProject, takePrompts } from './take-prompts';

/**
 * The next prompts for this annotator, except those in `exclude`, and the annotator's progress: answers that were sent
 * back, then prompts that are not finished.
 */
export async function getNextTasks(
  actor: Actor,
  db: Database,
  projectId: string,
  { exclude, count }: { exclude: readonly string[]; count: number },
): Promise<TaskPage> {
  const { project } = await authorizeInProject(db, actor, 'annotate', projectId);
  const gold = new Set(
    (await goldOfProject(db, projectId))
      .filter(({ withdrawnAt }) => withdrawnAt === null)
      .map((row) => row.gold.promptId),
  );
  const reader = {
    projectId,
    annotatorId: actor.userId,
    languages: await languagesReadBy(db, projectId, actor.userId),
  };
  const known = exclude.map(requireUuid);
  const sentBack = await promptsSentBackTo(db, reader, known, count);
  const others = { exclude: [...known, ...sentBack], count: count - sentBack.length };
  const next = others.count > 0 ? await nextPrompts(db, project, reader, gold, others) : [];
  const rows = [...(await promptsInOrder(db, sentBack)).filter(({ withdrawnAt }) => withdrawnAt === null), ...next];
  return { tasks: await tasksOf(actor, db, rows), progress: await progressOf(db, project, reader, gold) };
}

/** The next prompts in the project's order, with gold prompts where they are due. */
async function nextPrompts(
  db: Database,
  project: ProjectRow,
  reader: Reader,
  gold: ReadonlySet<PromptId>,
  { exclude, count }: { exclude: readonly PromptId[]; count: number },
): Promise<PromptRow[]> {
  const seen = await countSeen(db, reader, gold, exclude);
  const left = project.promptLimit === null ? Number.POSITIVE_INFINITY : project.promptLimit - seen.others;
  const others = isWholeProject(project, reader)
    ? await promptsInImportOrder(db, reader, [...exclude, ...gold], count)
    : await takePrompts(db, project, reader.annotatorId, { exclude, gold, count, left });
  if (gold.size === 0) return others;
  const remainingGold = [...gold].filter((id) => !exclude.includes(id));
  const goldRows = await unsettledAmong(db, reader, remainingGold, count);
  const turns = goldTurns(
    { warmUp: project.goldWarmUp, every: project.goldEvery },
    seen,
    { gold: goldRows.length, others: others.length },
    count,
  );
  return turns.map((isGold) => (isGold ? goldRows : others).shift()!);
}

/** Prompts in import order; those that a researcher chose for this annotator come first. */
async function promptsInImportOrder(
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
  reader: Reader,
  gold: ReadonlySet<PromptId>,
): Promise<TaskPage['progress']> {
  const { annotatorId } = reader;
  const done = (await tallyOf(db, project.id, annotatorId))?.finished ?? 0;
  const { promptCount, promptLimit } = project;
  if (isWholeProject(project, reader)) {
    return { done, total: promptCount - (await countWithdrawnFrom(db, project.id, annotatorId)) };
  }
  const remaining = await countRemaining(db, reader, gold);
  const limit = promptLimit ?? Number.POSITIVE_INFINITY;
  if (!remaining) return { done, total: Math.max(done, Math.min(promptCount, limit + gold.size)) };
  const seen = await countSeen(db, reader, gold, []);
  const goldLeft = (await unsettledAmong(db, reader, [...gold], gold.size)).length;
  const open = Math.max(0, Math.min(remaining.open, limit - seen.others - remaining.own));
  return { done, total: done + remaining.own + open + goldLeft };
}

/** One prompt with the annotator's current version, to view or edit. */
export async function getTask(actor: Actor, db: Database, projectId: string, promptId: PromptId): Promise<Task> {
  const { project } = await authorizeInProject(db, actor, 'work.read', projectId);
  const row = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!row) throw notFound();
  const [task] = await tasksOf(actor, db, [row]);
  return withShownSources(db, project, task!, (await responsesOfPrompts(db, [promptId])).get(promptId)!);
}

/** Sources, labels and reference labels are omitted, since they would reveal which response to prefer. */
async function tasksOf(actor: Actor, db: Database, rows: PromptRow[]): Promise<Task[]> {
  const ids = rows.map(({ id }) => id);
  const everyResponse = await everyResponseOf(db, ids);
  const corrections = await correctionsOf(db, ids);
  const annotations = new Map(
    (await currentAnnotationsBy(db, actor.userId, ids)).map((annotation) => [annotation.promptId, annotation]),
  );
  const flagged = await markedBy(db, actor.userId, ids, 'flagged');
  const drafts = await draftsBy(db, actor.userId, ids);
  const notes = await openNotesTo(db, actor.userId, ids);
  return rows.map((row) => {
    const annotation = annotations.get(row.id);
    const draft = drafts.get(row.id);
    const all = everyResponse.get(row.id)!;
    const inUse = all.filter(({ withdrawnAt }) => withdrawnAt === null);
    const corrected = judgedTexts(corrections.get(row.id), annotation?.textVersion ?? row.textVersion).responses;
    return {
      promptId: row.id,
      externalId: row.externalId,
      messages: row.messages,
      documents: row.documents,
      textVersion: row.textVersion,
      withdrawn: row.withdrawnAt !== null,
      responses: shuffled(actor.userId, row.id, firstOfEqualTexts(inUse)).map(({ id, text }) => ({
        id,
        text,
      })),
      annotation: annotation
        ? {
            version: annotation.version,
            allBad: annotation.allBad,
            placements: collapsePlacements(expandPlacements(annotation.placements, all), inUse),
            remarks: remarksOn(annotation.remarks, inUse, corrected),
          }
        : null,
      flagged: flagged.has(row.id),
      sentBack: notes.get(row.id) ?? null,
      // A draft that started from an older version does not fit the current one.
      draft: draft && draft.baseVersion === (annotation?.version ?? 0) ? draftOn(draft, inUse) : null,
    };
  });
}

/** Remarks as far as they fit the texts as they are: not on withdrawn responses, and no highlights in corrected texts. */
function remarksOn(
  { comment, tags, marks }: Remarks,
  inUse: readonly Pick<ResponseRow, 'id' | 'text'>[],
  corrected: ReadonlyMap<string, string>,
): Remarks {
  const texts = new Map<string, string>(inUse.map(({ id, text }) => [id, text]));
  return {
    comment,
    tags: tags.filter(({ responseId }) => texts.has(responseId)),
    marks: marks.filter(
      ({ responseId, end }) => !corrected.has(responseId) && end <= (texts.get(responseId)?.length ?? -1),
    ),
  };
}

function draftOn(draft: Draft, inUse: readonly Pick<ResponseRow, 'id' | 'text'>[]): Draft {
  const ids = new Set<string>(inUse.map(({ id }) => id));
  const { placements, remarks, ...content } = draft.content;
  return {
    ...draft,
    content: {
      ...content,
      placements: placements.filter(({ responseId }) => ids.has(responseId)),
      ...(remarks ? { remarks: remarksOn(remarks, inUse, new Map()) } : {}),
    },
  };
}
