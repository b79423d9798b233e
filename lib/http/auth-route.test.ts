/** The doors of accounts, as requests of a browser: what is open, what is told, what is believed. */
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { POST as accept } from '@/app/api/invites/[token]/accept/route';
import { POST as makeInvite } from '@/app/api/invites/route';
import { sessions, users } from '@/drizzle/schema';
import { type Auth, createAuth } from '@/lib/auth/auth';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createSetupInvite } from '@/lib/services/invites';
import { handleAuth } from './auth-route';

const password = 'correct horse battery';
const held = globalThis as { rescueDatabase?: unknown; rescueAuth?: unknown };
/** All that the app's pages ask for. */
const open = [
  '/change-email',
  '/change-password',
  '/sign-in/email',
  '/sign-out',
  '/two-factor/disable',
  '/two-factor/enable',
  '/two-factor/generate-backup-codes',
  '/two-factor/verify-backup-code',
  '/two-factor/verify-totp',
  '/update-user',
];

describeOnEachDatabase('the doors of accounts', (database) => {
  let auth: Auth;
  let cookie = '';
  let joined: Response;

  const request = (path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST') =>
    new Request(`http://localhost${path}`, {
      method,
      ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: {
        'content-type': 'application/json',
        host: 'localhost',
        origin: 'http://localhost',
        cookie,
        ...headers,
      },
    });
  const ask = (path: string, body: unknown = {}, headers: Record<string, string> = {}, method = 'POST') =>
    handleAuth(request(`/api/auth${path}`, body, headers, method));
  const cookieOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((value) => value.split(';')[0])
      .join('; ');

  beforeAll(async () => {
    const db = database();
    auth = createAuth(db, 'a secret of at least thirty-two characters');
    held.rescueDatabase = Promise.resolve({ db, kind: 'pglite', close: async () => undefined });
    held.rescueAuth = Promise.resolve(auth);
    const invite = await createSetupInvite(db);
    joined = await accept(
      request('/api/invites/x/accept', { name: 'Ada', email: 'ada@example.org', password }, { cookie: '' }),
      {
        params: Promise.resolve({ token: invite!.token }),
      },
    );
    expect(joined.status).toBe(201);
    cookie = cookieOf(joined);
  });
  afterEach(() => vi.useRealTimers());
  afterAll(() => {
    held.rescueDatabase = undefined;
    held.rescueAuth = undefined;
  });

  it('of all that better-auth offers, only what the app uses is open', async () => {
    const offered = Object.values(
      auth.api as unknown as Record<string, { path?: string; options?: { method: unknown } }>,
    )
      .filter(({ path }) => path !== undefined)
      .flatMap(({ path, options }) =>
        [options?.method ?? 'POST'].flat().map((method) => [String(method), path!] as const),
      );
    expect(offered.length).toBeGreaterThan(20);
    for (const method of ['GET', 'POST']) offered.push([method, '/no-such-door'], [method, '/__proto__'], [method, '']);
    const found = new Set<string>();
    for (const [method, path] of offered) {
      const { status } = await ask(path.replace(/:\w+/g, 'x'), { email: 1 }, { cookie: '' }, method);
      if (status !== 404) found.add(path);
      else expect([method, path, status]).toEqual([method, path, 404]);
    }
    expect([...found].sort()).toEqual(open);
  });

  it('an allowed path is open in one spelling only', async () => {
    for (const path of ['/update-user/', '//update-user', '/x/../sign-up/email', '/%75pdate-user', '/UPDATE-USER']) {
      expect([path, (await ask(path, { name: 'Eve' })).status]).toEqual([path, 404]);
    }
  });

  it('no answer holds a token of a session', async () => {
    const signIn = await ask('/sign-in/email', { email: 'ada@example.org', password });
    const changed = await ask(
      '/change-password',
      { currentPassword: password, newPassword: password },
      { cookie: cookieOf(signIn) },
    );
    expect([signIn.status, changed.status]).toEqual([200, 200]);
    cookie = cookieOf(changed);
    const renamed = await ask('/update-user', { name: 'Ada L' });
    const tokens = (await database().select().from(sessions)).map(({ token }) => token);
    expect(tokens.length).toBeGreaterThan(0);
    for (const answer of [joined, signIn, changed, renamed]) {
      const text = await answer.clone().text();
      expect(text).not.toMatch(/token/i);
      for (const token of tokens) expect(text).not.toContain(token);
    }
    // The control: better-auth's own answer does.
    const own = await auth.api.signInEmail({ body: { email: 'ada@example.org', password } });
    expect(own.token).toBeTruthy();
  });

  it('a name has a name’s length, and nothing else of an account is changed by its owner', async () => {
    expect((await ask('/update-user', { name: 'Ada Lovelace' })).status).toBe(200);
    for (const body of [
      { name: 'x'.repeat(101) },
      { name: ' ' },
      { name: 'Ada', role: 'admin' },
      { name: 'Ada', image: 'https://evil.example/x.png' },
      { image: 'x' },
      {},
    ]) {
      expect([body, (await ask('/update-user', body)).status]).toEqual([body, 400]);
    }
    const long = await ask('/update-user', { name: 'x'.repeat(20_000_000) });
    expect(long.status).toBe(413);
    const [ada] = await database().select().from(users).where(eq(users.email, 'ada@example.org'));
    expect(ada).toMatchObject({ name: 'Ada Lovelace', role: 'admin', image: null });
  });

  it('a changed password signs every other browser out', async () => {
    const elsewhere = cookieOf(await ask('/sign-in/email', { email: 'ada@example.org', password }));
    expect((await ask('/update-user', { name: 'Ada' }, { cookie: elsewhere })).status).toBe(200);
    const change = { currentPassword: password, newPassword: 'another long password' };
    const changed = await ask('/change-password', change);
    expect(changed.status).toBe(200);
    cookie = cookieOf(changed);
    expect((await ask('/update-user', { name: 'Eve' }, { cookie: elsewhere })).status).toBe(401);
    expect((await ask('/update-user', { name: 'Ada' })).status).toBe(200);
    const back = await ask('/change-password', { currentPassword: 'another long password', newPassword: password });
    cookie = cookieOf(back);
  });

  it('wrong passwords are throttled on both routes that check one, and the answer says for how long', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const guess = (headers: Record<string, string> = {}) =>
      ask('/sign-in/email', { email: 'ada@example.org', password: 'a guess' }, { cookie: '', ...headers });
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) {
      // What a client says of itself does not count.
      statuses.push((await guess({ 'x-forwarded-for': `10.0.0.${n}` })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const refused = await guess();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many', key: 'refusals.tooManyTries' } });
    const session = cookie.split('; ').find((pair) => !pair.startsWith('rescue.device'))!;
    const change = { currentPassword: 'a guess', newPassword: 'taken over now' };
    expect((await ask('/change-password', change, { cookie: session })).status).toBe(429);
    // Her own browser is not kept out by that.
    const device = cookie.split('; ').find((pair) => pair.startsWith('rescue.device'))!;
    expect((await ask('/sign-in/email', { email: 'ada@example.org', password }, { cookie: device })).status).toBe(200);
    expect((await ask('/change-password', change)).status).toBe(400);
  });

  it('a link that lets people in never begins with a host that a request made up', async () => {
    const linkFor = async (host: string) => {
      const headers = { host, origin: `http://${host}`, 'x-forwarded-host': 'evil.example' };
      const answer = await makeInvite(request('/api/invites', { role: 'annotator' }, headers), {
        params: Promise.resolve({}),
      });
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { url: string }).url;
    };
    expect(await linkFor('localhost:3000')).toMatch(/^http:\/\/localhost:3000\/invite\//);
    expect(await linkFor('evil.example')).toMatch(/^http:\/\/localhost:\d+\/invite\//);
  });
});
