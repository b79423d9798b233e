import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import { holdPlaces, releasePlace } from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { lockPlaces, settingsForAssigning } from '@/lib/db/coverage';
import { lockOpen } from '@/lib/db/open-prompts';
import type { ProjectRow } from '@/lib/db/projects';
import {
  deleteMark,
  marksOfProject,
  recordMarkChange,
  resolveFlag as resolveStoredFlag,
  upsertMark,
} from '@/lib/db/prompt-marks';
import { lockPrompts, promptOfProject } from '@/lib/db/prompts';
import type { MarkChange, MarkKind, MyMark, ResolveFlag, SharedMark, SkipReason } from '@/lib/schemas/prompt-mark';
import type { PromptId } from '@/trainer/contract/ids';

/**
 * Skips or flags a prompt for the actor, or undoes that (a skipped prompt then returns to the queue). Repeating a
 * change does nothing, even after newer ones.
 * @throws Refusal 'conflict' when the actor has already judged the prompt that is to be skipped
 */
export async function changeMark(
  actor: Actor,
  db: Database,
  projectId: string,
  { promptId, idempotencyKey, kind, mark }: MarkChange,
): Promise<void> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  const annotatorId = actor.userId;
  await db.transaction(async (tx) => {
    const prompt = await promptOfProject(tx, projectId, requireUuid(promptId));
    if (!prompt) throw notFound('noSuchPrompt');
    // The lock is taken before anything is written, since two of these transactions could otherwise deadlock.
    await lockPrompts(tx, [promptId]);
    if (!(await recordMarkChange(tx, { annotatorId, idempotencyKey, promptId }))) return;
    const settings = await settingsForAssigning(tx, projectId);
    await lockPlaces(tx, promptId);
    if (mark === null) {
      await deleteMark(tx, promptId, annotatorId, kind);
      if (kind === 'skipped') await holdAgain(tx, settings, annotatorId, promptId);
      return;
    }
    if (mark.kind === 'skipped') {
      if ((await currentAnnotationsBy(tx, annotatorId, [promptId])).length > 0) {
        throw conflict('judgedAlready');
      }
      await releasePlace(tx, promptId, annotatorId);
    }
    const reason = mark.kind === 'skipped' ? mark.reason : null;
    await upsertMark(tx, { promptId, annotatorId, projectId, kind, reason, note: mark.note });
  });
}

/** Whoever returns to a skipped prompt gets the place again, unless somebody else has it by now. */
async function holdAgain(
  tx: Database,
  { id: projectId, overlap, leaseMinutes }: ProjectRow,
  annotatorId: string,
  promptId: PromptId,
): Promise<void> {
  if (overlap === null) return;
  // It was the person's already, in whatever language it is.
  const place = { projectId, annotatorId, languages: [] };
  const open = await lockOpen(tx, place, [promptId], { limit: 1, wait: true });
  await holdPlaces(tx, place, open, { minutes: leaseMinutes });
}

/** The actor's own marks in a project, newest first. */
export async function listMyMarks(actor: Actor, db: Database, projectId: string): Promise<MyMark[]> {
  await authorizeInProject(db, actor, 'work.read', projectId);
  const rows = await marksOfProject(db, projectId, { annotatorId: actor.userId });
  return rows.map(({ annotator: _, annotatorId: __, ...row }) => toMyMark(row));
}

/** Everybody's marks, of all prompts or of one, for the project's researchers. */
export async function listMarks(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId?: PromptId,
): Promise<SharedMark[]> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const rows = await marksOfProject(db, projectId, promptId === undefined ? {} : { promptId });
  return rows.map(({ annotator, annotatorId, ...row }) => ({ ...toMyMark(row), annotator, annotatorId }));
}

/** Resolves a flag or reopens it. @throws Refusal 'not_found' where there is no such flag */
export async function resolveFlag(
  actor: Actor,
  db: Database,
  projectId: string,
  { resolved, resolution, ...flag }: ResolveFlag,
): Promise<void> {
  await authorizeInProject(db, actor, 'project.edit', projectId);
  const found = await resolveStoredFlag(
    db,
    { projectId, ...flag },
    resolved ? { userId: actor.userId, resolution: resolution.trim() } : null,
  );
  if (!found) throw notFound('noSuchFlag');
}

type Row = Omit<Awaited<ReturnType<typeof marksOfProject>>[number], 'annotator' | 'annotatorId'>;

export function toMyMark({ kind, reason, createdAt, resolvedAt, ...row }: Row): MyMark {
  return {
    ...row,
    kind: kind as MarkKind,
    reason: reason as SkipReason | null,
    createdAt: createdAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
