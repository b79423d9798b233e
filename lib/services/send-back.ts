/** Sending an answer back to its annotator, with a note. */
import { authorizeInProject } from '@/lib/auth/in-project';
import { type Actor, can } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import { annotationById, currentAnnotationsBy } from '@/lib/db/annotations';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { findProjectRole } from '@/lib/db/members';
import { lockPrompts } from '@/lib/db/prompts';
import { insertSentBack, sentBackById, sentBackOn, withdrawSentBack } from '@/lib/db/sent-back-answers';
import { findUser } from '@/lib/db/users';
import type { Role } from '@/lib/schemas/account';
import type { SendBackRequest } from '@/lib/schemas/decision';

/**
 * The prompt comes first in the annotator's queue, with the note and the old answer on the board; a new version answers
 * it. The same note for the same version, sent again, is the one that is there.
 * @throws Refusal 'conflict' when there is a newer version, when another note waits there already, or when the annotator
 * does not annotate in this project any more
 */
export async function sendBack(
  actor: Actor,
  db: Database,
  projectId: string,
  { annotationId, note }: SendBackRequest,
): Promise<void> {
  const { project } = await authorizeInProject(db, actor, 'adjudicate', projectId);
  const about = await annotationById(db, projectId, annotationId);
  if (!about) throw notFound();
  const { promptId, annotatorId } = about;
  await db.transaction(async (tx) => {
    await lockPrompts(tx, [promptId]);
    const [current] = await currentAnnotationsBy(tx, annotatorId, [promptId]);
    const open = (await sentBackOn(tx, [promptId])).find(
      (row) => row.annotatorId === annotatorId && !row.answeredAt && !row.withdrawnAt,
    );
    if (open && open.annotationId === annotationId && open.note === note) return;
    if (open) throw conflict('sentBackAlready');
    if (current?.id !== annotationId) throw conflict('answeredAnew');
    const annotator = await findUser(tx, annotatorId);
    const projectRole = await findProjectRole(tx, projectId, annotatorId);
    const mayAnswer =
      annotator &&
      !annotator.deactivatedAt &&
      can({ userId: annotatorId, role: annotator.role as Role }, 'annotate', { projectRole });
    if (!mayAnswer) throw conflict('annotatorIsGone');
    await insertSentBack(tx, { projectId, promptId, annotatorId, annotationId, note, sentBy: actor.userId });
    const details = { project: project.name, prompt: promptId };
    await recordAudit(tx, { kind: 'answer_sent_back', actorId: actor.userId, subjectId: annotatorId, details });
  });
}

/** @throws Refusal 'conflict' when the annotator has answered */
export async function takeSentBack(actor: Actor, db: Database, projectId: string, id: string): Promise<void> {
  const { project } = await authorizeInProject(db, actor, 'adjudicate', projectId);
  await db.transaction(async (tx) => {
    const row = await sentBackById(tx, projectId, id);
    if (!row) throw notFound();
    if (row.withdrawnAt) return;
    if (row.answeredAt) throw conflict('answeredAnew');
    await withdrawSentBack(tx, id);
    const details = { project: project.name, prompt: row.promptId };
    await recordAudit(tx, { kind: 'sent_back_withdrawn', actorId: actor.userId, subjectId: row.annotatorId, details });
  });
}
