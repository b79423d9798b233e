import { authorizeInProject, requireUuid } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import { currentAnnotationsBy } from '@/lib/db/annotations';
import type { Database } from '@/lib/db/client';
import { deleteMark, marksOfProject, putMark } from '@/lib/db/prompt-marks';
import { promptOfProject } from '@/lib/db/prompts';
import type { MarkKind, MyMark, PromptMark, SharedMark, SkipReason } from '@/lib/schemas/prompt-mark';

/**
 * Skips or flags a prompt for the actor; a repeated request changes nothing but the words.
 * @throws Refusal 'conflict' when a prompt that the actor has judged is to be skipped
 */
export async function markPrompt(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: string,
  mark: PromptMark,
): Promise<void> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  await db.transaction(async (tx) => {
    const prompt = await promptOfProject(tx, projectId, requireUuid(promptId));
    if (!prompt) throw notFound('This prompt does not exist, or it is not in this project.');
    if (mark.kind === 'skipped' && (await currentAnnotationsBy(tx, actor.userId, [prompt.id])).length > 0) {
      throw conflict('You have judged this prompt already: it is not in your queue.');
    }
    await putMark(tx, {
      promptId: prompt.id,
      annotatorId: actor.userId,
      projectId,
      kind: mark.kind,
      reason: mark.kind === 'skipped' ? mark.reason : null,
      note: mark.note,
    });
  });
}

/** Takes the actor's own mark away: a skipped prompt is back in the queue. */
export async function unmarkPrompt(
  actor: Actor,
  db: Database,
  projectId: string,
  promptId: string,
  kind: MarkKind,
): Promise<void> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  const prompt = await promptOfProject(db, projectId, requireUuid(promptId));
  if (!prompt) throw notFound('This prompt does not exist, or it is not in this project.');
  await deleteMark(db, prompt.id, actor.userId, kind);
}

/** The actor's own marks in a project, newest first. */
export async function listMyMarks(actor: Actor, db: Database, projectId: string): Promise<MyMark[]> {
  await authorizeInProject(db, actor, 'annotate', projectId);
  const rows = await marksOfProject(db, projectId, { annotatorId: actor.userId, limit: 1000 });
  return rows.map(({ annotator: _, ...row }) => shown(row));
}

/** Everybody's marks, for those who can do something about them. */
export async function listMarks(actor: Actor, db: Database, projectId: string): Promise<SharedMark[]> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const rows = await marksOfProject(db, projectId, { limit: 1000 });
  return rows.map(({ annotator, ...row }) => ({ ...shown(row), annotator }));
}

type Row = Omit<Awaited<ReturnType<typeof marksOfProject>>[number], 'annotator'>;

function shown({ kind, reason, createdAt, ...row }: Row): MyMark {
  return {
    ...row,
    kind: kind as MarkKind,
    reason: reason as SkipReason | null,
    createdAt: createdAt.toISOString(),
  };
}
