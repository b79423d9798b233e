/** Researchers see who holds which prompt, give prompts to people by name, and take them back. */
import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import {
  type AnnotatorInProject,
  countExtra,
  heldPlaces,
  holdPlaces,
  placeOf,
  releaseExpiredOf,
  releasePlace,
} from '@/lib/db/assignments';
import type { Database } from '@/lib/db/client';
import { lockPlaces, settingsForAssigning } from '@/lib/db/coverage';
import { findProjectRole } from '@/lib/db/members';
import { promptsNotReadBy } from '@/lib/db/prompt-languages';
import { markedBy } from '@/lib/db/prompt-marks';
import { promptOfProject, promptsByExternalId } from '@/lib/db/prompts';
import { findUser, lockAccounts } from '@/lib/db/users';
import type {
  AssignedPrompts,
  AssignmentObstacle,
  AssignmentsAnswer,
  AssignPrompts,
  ReleasePlace,
} from '@/lib/schemas/assignment';
import type { PromptId } from '@/trainer/contract/ids';

export async function listAssignments(actor: Actor, db: Database, projectId: string): Promise<AssignmentsAnswer> {
  await authorizeInProject(db, actor, 'prompts.read', projectId);
  const places = await heldPlaces(db, projectId);
  return {
    places: places.map(({ leasedUntil, ...place }) => ({ ...place, leasedUntil: leasedUntil?.toISOString() ?? null })),
    extra: await countExtra(db, projectId),
  };
}

/**
 * Gives prompts to one annotator, whose queue they come first in; a place that is given by name does not expire.
 * @returns how many were given, and why the others were not
 * @throws Refusal 'conflict' for somebody whose account is deactivated
 */
export async function assignPrompts(
  actor: Actor,
  db: Database,
  projectId: string,
  { annotatorId, prompts, insteadOf }: AssignPrompts,
): Promise<AssignedPrompts> {
  await authorizeInProject(db, actor, 'project.edit', projectId);
  if ((await findProjectRole(db, projectId, annotatorId)) === null) throw notFound('notInProject');
  return db.transaction(async (tx) => {
    // A place that is given by name does not expire, so nobody may be deactivated between this look and the commit.
    await lockAccounts(tx);
    const person = await findUser(tx, annotatorId);
    if (person?.deactivatedAt) throw conflict('personDeactivated', { name: person.name });
    await settingsForAssigning(tx, projectId);
    const found = await promptsByExternalId(tx, projectId, prompts);
    const refused: AssignedPrompts['refused'] = prompts
      .filter((prompt) => !found.has(prompt))
      .map((prompt) => ({ prompt, reason: 'unknown' }));
    // Everybody locks prompts in the order of their ids.
    const rows = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const place = { projectId, annotatorId };
    for (const { id, externalId } of rows) {
      const obstacle = await givePlace(tx, actor, place, { promptId: id, insteadOf });
      if (obstacle) refused.push({ prompt: externalId, reason: obstacle });
    }
    const unread = await promptsNotReadBy(
      tx,
      place,
      rows.map(({ id }) => id),
    );
    const isAssigned = (externalId: string) => !refused.some(({ prompt }) => prompt === externalId);
    return {
      assigned: prompts.length - refused.length,
      inOtherLanguages: rows
        .filter(({ id, externalId }) => unread.has(id) && isAssigned(externalId))
        .map((row) => row.externalId),
      refused,
    };
  });
}

async function givePlace(
  tx: Database,
  actor: Actor,
  place: AnnotatorInProject,
  { promptId, insteadOf }: { promptId: PromptId; insteadOf: string | undefined },
): Promise<AssignmentObstacle | null> {
  const { annotatorId } = place;
  await lockPlaces(tx, promptId);
  if (insteadOf !== undefined) await releasePlace(tx, promptId, insteadOf);
  // What is held by the queue becomes a place by name.
  await releasePlace(tx, promptId, annotatorId);
  await releaseExpiredOf(tx, promptId);
  const { isGold, isWithdrawn, isOpen, touched } = await lockPlaces(tx, promptId);
  if (isGold) return 'gold';
  if (isWithdrawn) return 'withdrawn';
  if ((await markedBy(tx, annotatorId, [promptId], 'skipped')).size > 0) return 'skipped';
  if (touched.includes(annotatorId) || (await placeOf(tx, promptId, annotatorId))) return 'judged';
  if (!isOpen) return 'full';
  await holdPlaces(tx, place, [promptId], { assignedBy: actor.userId });
  return null;
}

/** Gives a place that somebody holds back to the queue. @throws Refusal 'not_found' where nobody holds it */
export async function takeBackPlace(
  actor: Actor,
  db: Database,
  projectId: string,
  { promptId, annotatorId }: ReleasePlace,
): Promise<void> {
  await authorizeInProject(db, actor, 'project.edit', projectId);
  await db.transaction(async (tx) => {
    await settingsForAssigning(tx, projectId);
    if (!(await promptOfProject(tx, projectId, promptId))) throw notFound('noSuchPrompt');
    await lockPlaces(tx, promptId);
    if (!(await releasePlace(tx, promptId, annotatorId))) throw notFound('noSuchPlace');
  });
}
