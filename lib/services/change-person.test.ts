/** Deactivating people, changing their roles, and links for a new password, with real sessions. */
import { eq } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { annotationHeads, assignments, auditEntries, invites, resetLinks, sessions, users } from '@/drizzle/schema';
import { type Auth, createAuth } from '@/lib/auth/auth';
import { hashToken } from '@/lib/auth/one-time-token';
import type { Actor } from '@/lib/auth/permissions';
import { requireActor, signInCookies } from '@/lib/auth/session';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { acceptInvite } from './accept-invite';
import { changePerson } from './change-person';
import { importPrompts } from './import-prompts';
import { createInvite, createSetupInvite, revokeInvite, viewInvite } from './invites';
import { removeMember, setMemberRole } from './members';
import { annotate, person, projectWithPeople, promptFile, refusal, type TestProject } from './people.test-support';
import { createProject, updateProject, viewProject } from './projects';
import { createResetLink, resetPassword, viewResetLink } from './reset-password';
import { endMySessions, endSessionsOf, listMySessions } from './sessions';
import { getNextTasks } from './tasks';

const password = 'correct horse battery';

describeOnEachDatabase('people', (database) => {
  let auth: Auth;
  let admin: Actor;
  let ann: Actor;
  let project: TestProject;

  const signIn = async (email: string, word = password) => {
    const here = new Headers({ host: 'localhost', origin: 'http://localhost' });
    const cookies = await signInCookies({ email, password: word }, here, auth);
    return new Headers({ cookie: cookies[0]!.split(';')[0]! });
  };
  const places = (annotatorId: string) =>
    database().select().from(assignments).where(eq(assignments.annotatorId, annotatorId));
  const kinds = async (subjectId: string) =>
    (await database().select().from(auditEntries).where(eq(auditEntries.subjectId, subjectId))).map(({ kind }) => kind);

  beforeAll(async () => {
    const db = database();
    auth = createAuth(db, 'a secret of at least thirty-two characters');
    const setup = await createSetupInvite(db);
    const ada = await acceptInvite(db, setup!.token, { name: 'Ada', email: 'ada@example.org', password });
    admin = { userId: ada.id, role: 'admin' };
    project = await projectWithPeople(db);
    const { projectId } = project;
    await updateProject(admin, db, projectId, { baseVersion: 1, overlap: 1 });
    await importPrompts(admin, db, projectId, promptFile(6));
    const { token } = await createInvite(admin, db, { role: 'annotator', projectId });
    const joined = await acceptInvite(db, token, { name: 'Ann', email: 'ann@example.org', password });
    ann = { userId: joined.id, role: 'annotator' };
  });

  it('a deactivated person’s next request is refused with the reason, and so is signing in', async () => {
    const db = database();
    const { projectId } = project;
    const cookie = await signIn('ann@example.org');
    expect(await requireActor(cookie, auth)).toEqual(ann);
    await annotate(db, ann, { projectId, externalId: 'p0' }, { a: 0, b: 1, c: 2 });
    await getNextTasks(ann, db, projectId, { exclude: [], count: 3 });
    expect((await places(ann.userId)).filter(({ state }) => state === 'held').length).toBeGreaterThan(0);

    const { deactivatedAt } = await changePerson(admin, db, ann.userId, { active: false });
    expect(deactivatedAt).not.toBeNull();
    const refused = await refusal(requireActor(cookie, auth), 'unauthenticated');
    expect(refused.message).toMatch(/^This account has been deactivated\./);
    await expect(signIn('ann@example.org')).rejects.toMatchObject({ body: { code: 'ACCOUNT_DEACTIVATED' } });
    await expect(signIn('ann@example.org', 'a wrong password')).rejects.toThrow('Invalid email or password');
    await refusal(createResetLink(admin, db, ann.userId), 'conflict');

    // What was judged stays and counts; what waited for the person is given back.
    const heads = await db.select().from(annotationHeads).where(eq(annotationHeads.annotatorId, ann.userId));
    expect(heads).toHaveLength(1);
    expect((await viewProject(project.researcher, db, projectId)).counts.annotations).toBe(1);
    expect((await places(ann.userId)).map(({ state }) => state)).toEqual(['done']);
    const { tasks } = await getNextTasks(project.other, db, projectId, { exclude: [], count: 6 });
    expect(tasks).toHaveLength(5);
  });

  it('a reactivated person signs in anew: old sessions stay ended', async () => {
    const db = database();
    const before = await db.select().from(sessions).where(eq(sessions.userId, ann.userId));
    expect(before.length).toBeGreaterThan(0);
    await changePerson(admin, db, ann.userId, { active: true });
    expect(await db.select().from(sessions).where(eq(sessions.userId, ann.userId))).toEqual([]);
    expect(await requireActor(await signIn('ann@example.org'), auth)).toEqual(ann);
    expect(await kinds(ann.userId)).toEqual(expect.arrayContaining(['account_deactivated', 'account_reactivated']));
  });

  it('work is transferred while the account stays, and members’ lists say who is deactivated', async () => {
    const db = database();
    const there = await projectWithPeople(db);
    const { projectId, researcher, annotator, other } = there;
    await updateProject(researcher, db, projectId, { baseVersion: 1, overlap: 1 });
    await importPrompts(researcher, db, projectId, promptFile(2));
    await getNextTasks(annotator, db, projectId, { exclude: [], count: 2 });
    await refusal(changePerson(admin, db, annotator.userId, { transferTo: annotator.userId }), 'invalid');
    await changePerson(admin, db, annotator.userId, { transferTo: other.userId });
    expect([await places(annotator.userId), (await places(other.userId)).length]).toEqual([[], 2]);
    await changePerson(admin, db, researcher.userId, { transferTo: other.userId });
    const active = async () =>
      (await viewProject(admin, db, projectId)).members.map(({ userId, role, isActive }) => ({
        userId,
        role,
        isActive,
      }));
    expect(await active()).toContainEqual({ userId: other.userId, role: 'researcher', isActive: true });
    expect(await active()).toContainEqual({ userId: researcher.userId, role: 'researcher', isActive: true });
    await changePerson(admin, db, researcher.userId, { active: false });
    expect(await active()).toContainEqual({ userId: researcher.userId, role: 'researcher', isActive: false });
  });

  it('what waits for a person goes to whoever takes over, who becomes a member', async () => {
    const db = database();
    const { projectId, other } = project;
    const waiting = (await places(other.userId)).map(({ promptId }) => promptId);
    expect(waiting).toHaveLength(5);
    const successor = await person(db, 'annotator');
    const done = await person(db, 'annotator');
    await changePerson(admin, db, done.userId, { active: false });
    for (const transferTo of ['nobody', other.userId, done.userId]) {
      await refusal(changePerson(admin, db, other.userId, { active: false, transferTo }), 'invalid');
    }
    await changePerson(admin, db, other.userId, { active: false, transferTo: successor.userId });
    expect(await places(other.userId)).toEqual([]);
    const taken = await places(successor.userId);
    expect(taken.map(({ promptId }) => promptId).sort()).toEqual(waiting.sort());
    expect(taken.map(({ reason, assignedBy }) => [reason, assignedBy])).toEqual(Array(5).fill(['named', admin.userId]));
    expect((await getNextTasks(successor, db, projectId, { exclude: [], count: 9 })).tasks).toHaveLength(5);
    expect(await kinds(successor.userId)).toEqual(['member_set', 'work_transferred']);
  });

  it('the last researcher of a project stays, unless somebody takes over', async () => {
    const db = database();
    const { projectId, researcher, annotator } = project;
    const demoted = setMemberRole(admin, db, projectId, { userId: researcher.userId, role: 'annotator' });
    expect((await refusal(demoted, 'conflict')).key).toBe('refusals.lastResearcher');
    await refusal(removeMember(admin, db, projectId, researcher.userId), 'conflict');
    const left = await refusal(changePerson(admin, db, researcher.userId, { active: false }), 'conflict');
    expect(left.message).toBe('researcher is the last researcher of “A project”. Choose who takes over.');

    // Two researchers who remove each other at once: one of them stays.
    await setMemberRole(admin, db, projectId, { userId: annotator.userId, role: 'researcher' });
    const pair = [researcher, annotator];
    const both = await Promise.allSettled(
      pair.map((who, n) => removeMember(admin, db, projectId, pair[1 - n]!.userId).then(() => who)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { members } = await viewProject(admin, db, projectId);
    const kept = members.filter(({ role }) => role === 'researcher');
    expect(kept).toHaveLength(1);
    const successor = await person(db, 'researcher');
    await changePerson(admin, db, kept[0]!.userId, { active: false, transferTo: successor.userId });
    expect((await viewProject(successor, db, projectId)).role).toBe('researcher');
  });

  it('the last active administrator stays one, also when two deactivate or demote each other at once', async () => {
    const db = database();
    await refusal(changePerson(admin, db, admin.userId, { active: false }), 'conflict');
    await refusal(changePerson(admin, db, admin.userId, { role: 'researcher' }), 'conflict');
    for (const change of [{ active: false }, { role: 'annotator' }] as const) {
      const second = await person(db, 'admin');
      const pair = [admin, second];
      const both = await Promise.allSettled(pair.map((who, n) => changePerson(who, db, pair[1 - n]!.userId, change)));
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const active = (await db.select().from(users).where(eq(users.role, 'admin'))).filter((one) => !one.deactivatedAt);
      expect(active).toHaveLength(1);
      // The first administrator goes on with the rest of this file.
      await db.update(users).set({ role: 'admin', deactivatedAt: null }).where(eq(users.id, admin.userId));
      await db.update(users).set({ role: 'annotator' }).where(eq(users.id, second.userId));
    }
  });

  it('a role holds from the next request on, and links made as an administrator go with the role', async () => {
    const db = database();
    const eve = await person(db, 'annotator');
    await changePerson(admin, db, eve.userId, { role: 'admin' });
    const asAdmin: Actor = { userId: eve.userId, role: 'admin' };
    const { token } = await createInvite(asAdmin, db, { role: 'admin' });
    const reset = await createResetLink(asAdmin, db, ann.userId);
    await viewInvite(db, token);
    await changePerson(admin, db, eve.userId, { role: 'researcher' });
    await refusal(viewInvite(db, token), 'not_found');
    await refusal(viewResetLink(db, reset.token), 'not_found');
    const researcher: Actor = { userId: eve.userId, role: 'researcher' };
    for (const attempt of [
      changePerson(researcher, db, ann.userId, { role: 'admin' }),
      createResetLink(researcher, db, ann.userId),
      endSessionsOf(researcher, db, ann.userId),
    ]) {
      await refusal(attempt, 'forbidden');
    }
    await createProject(researcher, db, { name: 'Mine' });
  });

  it('an invitation is taken back while nobody has used it', async () => {
    const db = database();
    const { token } = await createInvite(admin, db, { role: 'annotator' });
    const stored = await db.select().from(invites);
    const inviteId = stored.find(({ tokenHash }) => tokenHash === hashToken(token))!.id;
    await revokeInvite(admin, db, { inviteId });
    await refusal(viewInvite(db, token), 'not_found');
    await refusal(revokeInvite(admin, db, { inviteId }), 'not_found');
    const used = stored.find(({ usedBy }) => usedBy === ann.userId)!;
    await refusal(revokeInvite(admin, db, { inviteId: used.id }), 'not_found');
  });

  it('a link for a new password works once, ends all sessions, and is stored as a hash', async () => {
    const db = database();
    const cookie = await signIn('ann@example.org');
    const replaced = await createResetLink(admin, db, ann.userId);
    const { token } = await createResetLink(admin, db, ann.userId);
    expect(JSON.stringify(await db.select().from(resetLinks))).not.toContain(token);
    await refusal(viewResetLink(db, replaced.token), 'not_found');
    expect(await viewResetLink(db, token)).toMatchObject({ name: 'Ann', email: 'ann@example.org' });
    const both = await Promise.allSettled(
      ['one new password', 'two new passwords'].map((w) => resetPassword(db, token, w)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await refusal(requireActor(cookie, auth), 'unauthenticated');
    await expect(signIn('ann@example.org')).rejects.toThrow();
    const won = both[0]!.status === 'fulfilled' ? 'one new password' : 'two new passwords';
    await signIn('ann@example.org', won);

    const late = await createResetLink(admin, db, ann.userId);
    await db.update(resetLinks).set({ expiresAt: new Date(Date.now() - 1) });
    await refusal(viewResetLink(db, late.token), 'gone');
    await refusal(resetPassword(db, late.token, password), 'gone');
    const again = await createResetLink(admin, db, ann.userId);
    await resetPassword(db, again.token, password);
  });

  it('people see their own sessions and end one or all others; an administrator ends all', async () => {
    const db = database();
    const [here, there, elsewhere] = [
      await signIn('ann@example.org'),
      await signIn('ann@example.org'),
      await signIn('ann@example.org'),
    ];
    const idOf = async (headers: Headers) => (await auth.api.getSession({ headers }))!.session.id;
    const currentId = await idOf(here);
    const listed = await listMySessions(ann, db, currentId);
    expect(listed).toHaveLength(3);
    expect(listed.filter(({ current }) => current).map(({ id }) => id)).toEqual([currentId]);
    expect(JSON.stringify(listed)).not.toMatch(/token/);
    await endMySessions(ann, db, { sessionId: await idOf(there), currentId });
    await refusal(requireActor(there, auth), 'unauthenticated');
    await requireActor(elsewhere, auth);
    await refusal(endMySessions(admin, db, { sessionId: await idOf(elsewhere), currentId: null }), 'not_found');
    await endMySessions(ann, db, { sessionId: undefined, currentId });
    await refusal(requireActor(elsewhere, auth), 'unauthenticated');
    await requireActor(here, auth);
    await endSessionsOf(admin, db, ann.userId);
    await refusal(requireActor(here, auth), 'unauthenticated');
  });
});
