import { authorizeInProject } from '@/lib/auth/in-project';
import type { Actor } from '@/lib/auth/permissions';
import { conflict, notFound } from '@/lib/auth/refusal';
import { lockAnnotator, releasePlacesOf, releaseUnread } from '@/lib/db/assignments';
import { recordAudit } from '@/lib/db/audit';
import type { Database } from '@/lib/db/client';
import { deleteMember, listMembers, upsertMember as putStoredMember } from '@/lib/db/members';
import { projectsOnlyOf } from '@/lib/db/places-of-person';
import { findUser, findUserByEmail, lockAccounts } from '@/lib/db/users';
import type { PutMemberRequest } from '@/lib/schemas/account';
import type { Member } from '@/lib/schemas/people';

/**
 * Adds somebody who has an account, or changes the role or the languages of a member. What the queue had given to the
 * person and is in another language goes to others. @returns all members
 * @throws Refusal 'not_found' for a person without an account.
 */
export async function setMemberRole(
  actor: Actor,
  db: Database,
  projectId: string,
  { email, userId, role, languages }: PutMemberRequest,
): Promise<Member[]> {
  return db.transaction(async (tx) => {
    await lockAccounts(tx);
    const { project } = await authorizeInProject(tx, actor, 'members.manage', projectId);
    const user = email === undefined ? await findUser(tx, userId ?? '') : await findUserByEmail(tx, email);
    if (!user) throw notFound('nobodyByThisName');
    if (role !== 'researcher') await assertOtherResearcher(tx, projectId, user.id);
    const reader = { projectId, annotatorId: user.id, languages: languages ?? [] };
    // Whoever asks for prompts meanwhile waits, and then asks by the new languages.
    await lockAnnotator(tx, reader);
    await putStoredMember(tx, { projectId, userId: user.id, role, ...(languages && { languages }) });
    await releaseUnread(tx, reader);
    const details = { role, project: project.name, ...(languages && { languages: languages.join(', ') }) };
    await recordAudit(tx, { kind: 'member_set', actorId: actor.userId, subjectId: user.id, details });
    return listMembers(tx, projectId);
  });
}

/** Removes a member; the person's annotations stay, and prompts that wait for the person go to others. @returns the remaining members */
export async function removeMember(actor: Actor, db: Database, projectId: string, userId: string): Promise<Member[]> {
  return db.transaction(async (tx) => {
    await lockAccounts(tx);
    const { project } = await authorizeInProject(tx, actor, 'members.manage', projectId);
    await assertOtherResearcher(tx, projectId, userId);
    if (!(await deleteMember(tx, projectId, userId))) throw notFound('notInProject');
    await releasePlacesOf(tx, { projectId, annotatorId: userId });
    const details = { project: project.name };
    await recordAudit(tx, { kind: 'member_removed', actorId: actor.userId, subjectId: userId, details });
    return listMembers(tx, projectId);
  });
}

async function assertOtherResearcher(tx: Database, projectId: string, userId: string): Promise<void> {
  const only = await projectsOnlyOf(tx, userId);
  if (only.some(({ id }) => id === projectId)) throw conflict('lastResearcher');
}
