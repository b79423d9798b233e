import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { invites, users } from '@/drizzle/schema';
import { createAuth } from '@/lib/auth/auth';
import { hashToken } from '@/lib/auth/one-time-token';
import type { Actor } from '@/lib/auth/permissions';
import { requireActor, signedInUser, signInCookies } from '@/lib/auth/session';
import type { Database } from '@/lib/db/client';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { acceptInvite } from './accept-invite';
import { listUsers, needsSetup } from './accounts';
import { createInvite, createSetupInvite, listInvites, viewInvite } from './invites';
import { removeMember, setMemberRole } from './members';
import { createProject, listProjects, updateProject, viewProject } from './projects';

const password = 'correct horse battery';
const refused = (code: string) => expect.objectContaining({ name: 'Refusal', code });

describeOnEachDatabase('accounts, invitations, projects and members', (database) => {
  let admin: Actor;
  let researcher: Actor;
  let annotator: Actor;

  async function joinAs(db: Database, name: string, role: Actor['role'], projectId?: string): Promise<Actor> {
    const { token } = await createInvite(admin, db, { role, projectId });
    const user = await acceptInvite(db, token, { name, email: `${name}@example.org`, password });
    return { userId: user.id, role: user.role };
  }

  it('sets up: one link for the first administrator, and only the newest one works', async () => {
    const db = database();
    expect(await needsSetup(db)).toBe(true);
    const old = await createSetupInvite(db);
    const setup = await createSetupInvite(db);
    await expect(viewInvite(db, old!.token)).rejects.toEqual(refused('not_found'));
    expect(await viewInvite(db, setup!.token)).toMatchObject({ role: 'admin', isSetup: true });
    const stored = await db.select().from(invites);
    expect(stored.map((invite) => invite.tokenHash)).toEqual([hashToken(setup!.token)]);

    const attempts = await Promise.allSettled(
      ['ada', 'eve'].map((name) =>
        acceptInvite(db, setup!.token, { name, email: `${name}@example.org`, password: 'the same for both' }),
      ),
    );
    expect(attempts.map((attempt) => attempt.status).sort()).toEqual(['fulfilled', 'rejected']);
    const [first] = await db.select().from(users);
    admin = { userId: first!.id, role: 'admin' };
    expect(first!.role).toBe('admin');
    expect(await needsSetup(db)).toBe(false);
    expect(await createSetupInvite(db)).toBeNull();
    await expect(viewInvite(db, setup!.token)).rejects.toEqual(refused('gone'));
  });

  it('refuses a setup link that comes late, and leaves it unused', async () => {
    const db = database();
    const token = 'a link from before the first account';
    const expiresAt = new Date(Date.now() + 60_000);
    await db.insert(invites).values({ tokenHash: hashToken(token), role: 'admin', expiresAt });
    const late = acceptInvite(db, token, { name: 'Eve', email: 'late@example.org', password });
    await expect(late).rejects.toEqual(refused('gone'));
    const [row] = await db
      .select()
      .from(invites)
      .where(eq(invites.tokenHash, hashToken(token)));
    expect(row?.usedAt).toBeNull();
    await db.delete(invites).where(eq(invites.tokenHash, hashToken(token)));
  });

  it('invites once, until it expires', async () => {
    const db = database();
    researcher = await joinAs(db, 'rob', 'researcher');
    const { token } = await createInvite(admin, db, { role: 'annotator' });
    await db
      .update(invites)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(invites.tokenHash, hashToken(token)));
    await expect(viewInvite(db, token)).rejects.toEqual(refused('gone'));
    const late = acceptInvite(db, token, { name: 'Late', email: 'late@example.org', password });
    await expect(late).rejects.toEqual(refused('gone'));
    await expect(viewInvite(db, 'no such token')).rejects.toEqual(refused('not_found'));
    expect((await listInvites(admin, db)).some((invite) => 'tokenHash' in invite)).toBe(false);
  });

  it('keeps a link usable when its e-mail address was taken', async () => {
    const db = database();
    const { token } = await createInvite(admin, db, { role: 'annotator' });
    const taken = acceptInvite(db, token, { name: 'Rob', email: 'ROB@example.org', password });
    await expect(taken).rejects.toEqual(refused('conflict'));
    const ann = await acceptInvite(db, token, { name: 'Ann', email: 'Ann@example.org', password });
    expect(ann).toMatchObject({ email: 'ann@example.org', role: 'annotator' });
    annotator = { userId: ann.id, role: 'annotator' };
  });

  it('lets only administrators invite and see people', async () => {
    const db = database();
    for (const actor of [researcher, annotator]) {
      await expect(createInvite(actor, db, { role: 'admin' })).rejects.toEqual(refused('forbidden'));
      await expect(listInvites(actor, db)).rejects.toEqual(refused('forbidden'));
      await expect(listUsers(actor, db)).rejects.toEqual(refused('forbidden'));
    }
    expect((await listUsers(admin, db)).map((user) => user.role)).toEqual(['admin', 'researcher', 'annotator']);
  });

  it('shows a project to its members and the administrator, and to nobody else', async () => {
    const db = database();
    const project = await createProject(researcher, db, { name: 'Numbers', tiers: ['Good', 'Bad'] });
    const { id } = project;
    await expect(createProject(annotator, db, { name: 'Mine' })).rejects.toEqual(refused('forbidden'));
    expect((await listProjects(annotator, db)).projects).toEqual([]);
    const attempts = await Promise.allSettled([
      viewProject(annotator, db, id),
      updateProject(annotator, db, id, { baseVersion: 1, name: 'Taken over' }),
      setMemberRole(annotator, db, id, { userId: annotator.userId, role: 'researcher' }),
      viewProject(annotator, db, 'not-an-id'),
    ]);
    for (const attempt of attempts) expect(attempt).toMatchObject({ status: 'rejected', reason: refused('not_found') });
    expect(await viewProject(admin, db, id)).toMatchObject({ role: 'admin', project: { tiers: ['Good', 'Bad'] } });

    await setMemberRole(researcher, db, id, { email: 'ann@example.org', role: 'annotator' });
    expect((await listProjects(annotator, db)).projects).toMatchObject([{ id, role: 'annotator' }]);
    const seen = await viewProject(annotator, db, id);
    expect(seen).toMatchObject({ role: 'annotator', members: [], counts: { prompts: 0, annotations: 0 } });
    expect(Object.keys(seen.counts)).toEqual(['prompts', 'annotations']);
    await expect(updateProject(annotator, db, id, { baseVersion: 1, name: 'Mine' })).rejects.toEqual(
      refused('forbidden'),
    );
    const promote = setMemberRole(annotator, db, id, { userId: annotator.userId, role: 'researcher' });
    await expect(promote).rejects.toEqual(refused('forbidden'));

    const renamed = await updateProject(researcher, db, id, { baseVersion: 1, name: 'Numbers, again' });
    expect(renamed.name).toBe('Numbers, again');
    expect((await viewProject(researcher, db, id)).members).toHaveLength(2);
    const stranger = setMemberRole(researcher, db, id, { email: 'nobody@example.org', role: 'annotator' });
    await expect(stranger).rejects.toEqual(refused('not_found'));
    await removeMember(researcher, db, id, annotator.userId);
    await expect(viewProject(annotator, db, id)).rejects.toEqual(refused('not_found'));
  });

  it('an invitation to a project makes a member of it', async () => {
    const db = database();
    const { id } = await createProject(admin, db, { name: 'Letters' });
    const member = await joinAs(db, 'mia', 'annotator', id);
    expect((await viewProject(member, db, id)).role).toBe('annotator');
    expect((await listProjects(member, db)).projects).toHaveLength(1);
  });

  describe('sessions', () => {
    it('stand for the person who signed in, until the cookie is changed', async () => {
      const auth = createAuth(database(), 'a secret of at least thirty-two characters');
      const here = new Headers({ host: 'localhost', origin: 'http://localhost' });
      const cookies = await signInCookies({ email: 'ann@example.org', password }, here, auth);
      expect(cookies.join()).toMatch(/HttpOnly; SameSite=Lax/);
      const cookie = cookies[0]!.split(';')[0]!;
      expect(await requireActor(new Headers({ cookie }), auth)).toEqual(annotator);
      const forged = new Headers({ cookie: `${cookie.slice(0, -6)}AAAA%3D` });
      expect(await signedInUser(forged, auth)).toBeNull();
      await expect(requireActor(new Headers(), auth)).rejects.toEqual(refused('unauthenticated'));
      const wrong = signInCookies({ email: 'ann@example.org', password: 'something else' }, here, auth);
      await expect(wrong).rejects.toThrow('Invalid email or password');
    });

    it('sign-up is closed, and nobody changes his or her own role', async () => {
      const db = database();
      const auth = createAuth(db, 'a secret of at least thirty-two characters');
      const post = (path: string, body: object, cookie = '') =>
        auth.handler(
          new Request(`http://localhost/api/auth${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', host: 'localhost', origin: 'http://localhost', cookie },
            body: JSON.stringify(body),
          }),
        );
      const signUp = await post('/sign-up/email', { name: 'Eve', email: 'eve2@example.org', password });
      expect(signUp.status).toBe(400);
      const signIn = await post('/sign-in/email', { email: 'ann@example.org', password });
      expect(signIn.status).toBe(200);
      const cookie = signIn.headers.getSetCookie()[0]!.split(';')[0]!;
      expect((await post('/update-user', { role: 'admin' }, cookie)).status).toBe(400);
      expect((await post('/update-user', { name: 'Ann B' }, cookie)).status).toBe(200);
      const [ann] = await db.select().from(users).where(eq(users.email, 'ann@example.org'));
      expect(ann).toMatchObject({ role: 'annotator', name: 'Ann B' });
    });
  });
});
