/** The second factor, with codes computed here as RFC 6238 says. */
import { createHmac } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { POST as accept } from '@/app/api/invites/[token]/accept/route';
import { GET as me } from '@/app/api/me/route';
import { GET as listProjects } from '@/app/api/projects/route';
import { DELETE as clear } from '@/app/api/users/[userId]/second-factor/route';
import { auditEntries, users } from '@/drizzle/schema';
import { createAuth } from '@/lib/auth/auth';
import { describeOnEachDatabase } from '@/lib/db/testing';
import { createInvite, createSetupInvite } from '@/lib/services/invites';
import { handleAuth } from './auth-route';

const password = 'correct horse battery';
const held = globalThis as { rescueDatabase?: unknown; rescueAuth?: unknown };

/** The code of RFC 6238 for a secret's bytes. */
function totp(secret: Buffer, at: number, digits = 6): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

function fromBase32(text: string): Buffer {
  const bits = [...text.replaceAll('=', '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

it('the codes of this test are those of RFC 6238', () => {
  const secret = Buffer.from('12345678901234567890');
  expect(totp(secret, 59_000, 8)).toBe('94287082');
  expect(totp(secret, 1_111_111_109_000, 8)).toBe('07081804');
  expect(totp(secret, 20_000_000_000_000, 8)).toBe('65353130');
});

describeOnEachDatabase('the second factor', (database) => {
  let people = 0;
  let adminCookie = '';

  const request = (path: string, body: unknown, cookie: string, method = 'POST') =>
    new Request(`http://localhost${path}`, {
      method,
      ...(method !== 'GET' && { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', host: 'localhost', origin: 'http://localhost', cookie },
    });
  const ask = (path: string, body: unknown, cookie = '') => handleAuth(request(`/api/auth${path}`, body, cookie));
  const cookieOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((value) => value.split(';')[0])
      .filter((pair) => !pair!.endsWith('='))
      .join('; ');
  const signIn = (email: string) => ask('/sign-in/email', { email, password });
  const stateOf = async (cookie: string) =>
    ((await (await me(request('/api/me', null, cookie, 'GET'), noParams)).json()) as { secondFactor: string })
      .secondFactor;
  const noParams = { params: Promise.resolve({}) };
  const mayWork = async (cookie: string) =>
    (await listProjects(request('/api/projects', null, cookie, 'GET'), noParams)).status;

  async function join(token: string): Promise<{ email: string; cookie: string }> {
    const email = `person${people++}@example.org`;
    const joined = await accept(request('/api/invites/x/accept', { name: 'P', email, password }, ''), {
      params: Promise.resolve({ token }),
    });
    expect(joined.status).toBe(201);
    return { email, cookie: cookieOf(joined) };
  }
  async function newPerson(role: 'annotator' | 'admin' = 'annotator') {
    const [admin] = await database().select().from(users).where(eq(users.role, 'admin')).limit(1);
    const { token } = await createInvite({ userId: admin!.id, role: 'admin' }, database(), { role });
    return join(token);
  }
  async function setUp(person: { email: string; cookie: string }) {
    const begun = await ask('/two-factor/enable', { password }, person.cookie);
    expect(begun.status).toBe(200);
    const { totpUri, recoveryCodes } = (await begun.json()) as { totpUri: string; recoveryCodes: string[] };
    const secret = fromBase32(new URL(totpUri).searchParams.get('secret')!);
    const verified = await ask('/two-factor/verify-totp', { code: totp(secret, Date.now()) }, person.cookie);
    expect(verified.status).toBe(200);
    vi.advanceTimersByTime(60_000);
    return { ...person, cookie: cookieOf(verified), secret, recoveryCodes, totpUri };
  }
  const kinds = async (email: string) => {
    const [user] = await database().select().from(users).where(eq(users.email, email));
    const rows = await database().select().from(auditEntries).where(eq(auditEntries.subjectId, user!.id));
    return rows.map(({ kind }) => kind);
  };

  beforeAll(async () => {
    held.rescueDatabase = Promise.resolve({ db: database(), kind: 'pglite', close: async () => undefined });
    held.rescueAuth = Promise.resolve(createAuth(database(), 'a secret of at least thirty-two characters'));
    adminCookie = (await join((await createSetupInvite(database()))!.token)).cookie;
  });
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });
  afterAll(() => {
    held.rescueDatabase = undefined;
    held.rescueAuth = undefined;
  });

  it('is set up with the password and a code, and then both are needed to sign in', async () => {
    const person = await newPerson();
    expect((await ask('/two-factor/enable', { password: 'wrong' }, person.cookie)).status).toBe(400);
    const { email, secret, cookie, totpUri } = await setUp(person);
    expect(totpUri).toMatch(/^otpauth:\/\/totp\/Rescue%20Studio:/);
    expect(await stateOf(cookie)).toBe('on');

    const first = await signIn(email);
    expect(await first.clone().json()).toEqual({ user: null, needsCode: true });
    expect(await mayWork(cookieOf(first))).toBe(401);
    const wrong = await ask('/two-factor/verify-totp', { code: '000000' }, cookieOf(first));
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ error: { key: 'refusals.wrongCode' } });
    const done = await ask('/two-factor/verify-totp', { code: totp(secret, Date.now()) }, cookieOf(first));
    expect(done.status).toBe(200);
    expect(await done.clone().text()).not.toMatch(/token/i);
    expect(await mayWork(cookieOf(done))).toBe(200);
    expect((await kinds(email)).filter((kind) => kind.startsWith('s'))).toEqual([
      'second_factor_enabled',
      'sign_in_failed',
      'sign_in',
    ]);
  });

  it('without a right code it is not on, so that nobody is locked out by a failed set-up', async () => {
    const person = await newPerson();
    await ask('/two-factor/enable', { password }, person.cookie);
    await ask('/two-factor/verify-totp', { code: '123456' }, person.cookie);
    expect(await (await signIn(person.email)).json()).toMatchObject({ user: { email: person.email } });
  });

  it('takes each code once, though it is valid a little longer', async () => {
    const { email, secret } = await setUp(await newPerson());
    const code = totp(secret, Date.now());
    const [mine, thief] = [cookieOf(await signIn(email)), cookieOf(await signIn(email))];
    expect((await ask('/two-factor/verify-totp', { code }, mine)).status).toBe(200);
    expect((await ask('/two-factor/verify-totp', { code }, thief)).status).toBe(401);
    vi.advanceTimersByTime(30_000);
    expect((await ask('/two-factor/verify-totp', { code }, thief)).status).toBe(401);
    // The control: it is the use that made it wrong; the next code is right, by the same cookie.
    expect((await ask('/two-factor/verify-totp', { code: totp(secret, Date.now()) }, thief)).status).toBe(200);
  });

  it('takes one of two uses at the same moment', async () => {
    const { email, secret } = await setUp(await newPerson());
    const code = totp(secret, Date.now());
    const cookies = [cookieOf(await signIn(email)), cookieOf(await signIn(email))];
    const answers = await Promise.all(cookies.map((cookie) => ask('/two-factor/verify-totp', { code }, cookie)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it('wrong codes are throttled, also by whoever knows the password and begins anew', async () => {
    const { email } = await setUp(await newPerson());
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++) {
      const cookie = cookieOf(await signIn(email));
      statuses.push((await ask('/two-factor/verify-totp', { code: `00000${n}` }, cookie)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });

  it('a recovery code signs in once', async () => {
    const { email, recoveryCodes } = await setUp(await newPerson());
    expect(recoveryCodes).toHaveLength(10);
    const [code] = recoveryCodes;
    const once = await ask('/two-factor/verify-backup-code', { code }, cookieOf(await signIn(email)));
    expect(await mayWork(cookieOf(once))).toBe(200);
    const again = await ask('/two-factor/verify-backup-code', { code }, cookieOf(await signIn(email)));
    expect(again.status).toBe(401);
    expect(await again.json()).toMatchObject({ error: { key: 'refusals.wrongRecoveryCode' } });
  });

  it('new recovery codes replace the old ones', async () => {
    const { email, cookie, recoveryCodes } = await setUp(await newPerson());
    const renewed = await ask('/two-factor/generate-backup-codes', { password }, cookie);
    const { recoveryCodes: newCodes } = (await renewed.json()) as { recoveryCodes: string[] };
    const first = cookieOf(await signIn(email));
    expect((await ask('/two-factor/verify-backup-code', { code: recoveryCodes[1] }, first)).status).toBe(401);
    expect((await ask('/two-factor/verify-backup-code', { code: newCodes[1] }, first)).status).toBe(200);
    expect(await kinds(email)).toContain('recovery_codes_renewed');
  });

  it('is turned off with the password', async () => {
    const { email, cookie } = await setUp(await newPerson());
    expect((await ask('/two-factor/disable', { password: 'wrong' }, cookie)).status).toBe(400);
    expect((await ask('/two-factor/disable', { password }, cookie)).status).toBe(200);
    expect(await (await signIn(email)).json()).toMatchObject({ user: { email } });
    expect(await kinds(email)).toContain('second_factor_disabled');
  });

  it('is cleared by an administrator, and by nobody else', async () => {
    const { email, cookie } = await setUp(await newPerson());
    const [user] = await database().select().from(users).where(eq(users.email, email));
    const at = { params: Promise.resolve({ userId: user!.id }) };
    expect((await clear(request('/api/users/x/second-factor', {}, cookie, 'DELETE'), at)).status).toBe(403);
    expect((await clear(request('/api/users/x/second-factor', {}, adminCookie, 'DELETE'), at)).status).toBe(204);
    expect(await (await signIn(email)).json()).toMatchObject({ user: { email } });
    expect(await kinds(email)).toContain('second_factor_cleared');
  });

  it('where administrators need one, they do nothing before, and cannot turn it off', async () => {
    const admin = await newPerson('admin');
    const annotator = await newPerson();
    expect(await mayWork(admin.cookie)).toBe(200);
    vi.stubEnv('SECOND_FACTOR', 'admins');
    expect(await mayWork(admin.cookie)).toBe(403);
    expect(await stateOf(admin.cookie)).toBe('needed');
    expect([await mayWork(annotator.cookie), await stateOf(annotator.cookie)]).toEqual([200, 'off']);
    const { cookie } = await setUp(admin);
    expect(await mayWork(cookie)).toBe(200);
    expect((await ask('/two-factor/disable', { password }, cookie)).status).toBe(409);
  });

  it('a server whose setting says nothing that is known does not start', () => {
    vi.stubEnv('SECOND_FACTOR', 'always');
    expect(() => createAuth(database(), 'a secret of at least thirty-two characters')).toThrow('SECOND_FACTOR');
  });
});
