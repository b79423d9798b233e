/** `rescue admin reset` as a process, for an administrator whom nobody else can help. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { beforeAll, expect, it } from 'vitest';
import { auditEntries, sessions, twoFactors, users } from '@/drizzle/schema';
import { type OpenDatabase, openInFolder, openPostgres } from '@/lib/db/client';
import { emptyPostgres } from '@/lib/db/testing';
import { findPasswordHash, insertUserWithPassword } from '@/lib/db/users';
import { resetPassword, viewResetLink } from '@/lib/services/reset-password';
import { prepareCommandLine, rescueFile, tempPath } from './rescue-harness';

prepareCommandLine();

const email = 'ada@example.org';
const run = (environment: Record<string, string>, argv: readonly string[], input = '') =>
  spawnSync(process.execPath, [rescueFile, 'admin', ...argv], {
    encoding: 'utf8',
    cwd: tempPath(),
    input,
    env: { ...process.env, DATABASE_URL: '', ...environment },
  });

async function fill({ db, close }: OpenDatabase): Promise<void> {
  const passwordHash = await hashPassword('forgotten by now');
  await insertUserWithPassword(db, { id: 'ada', name: 'Ada', email, role: 'admin', passwordHash });
  await db.update(users).set({ twoFactorEnabled: true });
  await db.insert(twoFactors).values({ id: 't', userId: 'ada', secret: 'lost', backupCodes: 'lost' });
  const expiresAt = new Date(Date.now() + 60_000);
  await db.insert(sessions).values({ id: 's', token: randomUUID(), userId: 'ada', expiresAt });
  await close();
}

async function isLetIn(environment: Record<string, string>, open: () => Promise<OpenDatabase>): Promise<void> {
  const made = run({ ...environment, BASE_URL: 'https://rescue.example.org' }, ['reset', 'ADA@example.org']);
  expect({ status: made.status, stdout: made.stdout }, made.stderr).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^https:\/\/rescue\.example\.org\/reset\/[\w-]{43}\n$/),
  });
  const token = made.stdout.trim().split('/').at(-1)!;
  const { db, close } = await open();
  expect(await viewResetLink(db, token)).toMatchObject({ email });
  expect(await db.select().from(sessions)).toHaveLength(1);
  // Whoever has lost the phone as well is let in, too.
  expect(await db.select().from(twoFactors)).toEqual([]);
  expect((await db.select().from(users)).map(({ twoFactorEnabled }) => twoFactorEnabled)).toEqual([false]);
  await resetPassword(db, token, 'chosen by the link');
  expect(await db.select().from(sessions)).toEqual([]);
  await close();

  const set = run(environment, ['reset', email, '--set-password'], 'typed on the terminal\n');
  expect({ status: set.status, said: set.stdout }, set.stderr).toMatchObject({ status: 0 });
  expect(set.stdout + set.stderr).not.toContain('typed on');
  const after = await open();
  const hash = (await findPasswordHash(after.db, 'ada'))!;
  expect(await verifyPassword({ hash, password: 'typed on the terminal' })).toBe(true);
  const told = await after.db.select().from(auditEntries);
  expect(told.map(({ kind }) => kind).sort()).toEqual([
    'password_reset',
    'password_reset',
    'reset_link_created',
    'second_factor_cleared',
  ]);
  await after.close();
}

let dataDir = '';
beforeAll(async () => {
  dataDir = tempPath('data');
  mkdirSync(dataDir);
  await fill(await openInFolder(dataDir));
}, 60_000);

it('lets an administrator in, on the embedded database', { timeout: 180_000 }, () =>
  isLetIn({ DATA_DIR: dataDir }, () => openInFolder(dataDir)),
);

it('lets an administrator in, on PostgreSQL', { timeout: 180_000 }, async () => {
  const { url, migrate, close } = await emptyPostgres();
  await migrate();
  await fill(await openPostgres(url));
  await isLetIn({ DATABASE_URL: url }, () => openPostgres(url));
  await close();
});

it('says in one sentence what is wrong, and changes nothing', { timeout: 180_000 }, async () => {
  const here = { DATA_DIR: dataDir };
  const running = await openInFolder(dataDir);
  const cases: [ReturnType<typeof run>, number, string][] = [
    [run(here, ['reset', email]), 1, dataDir],
    [run({ DATA_DIR: tempPath('nowhere') }, ['reset', email]), 1, 'holds no database'],
    [run(here, []), 2, 'it is called as "rescue admin reset EMAIL"'],
    [run(here, ['reset', email, '--set-password'], 'short\n'), 1, 'a password has 8 to 128 characters'],
  ];
  await running.close();
  cases.push([
    run(here, ['reset', 'eve@example.org']),
    1,
    `there is no account eve@example.org. Administrators: ${email}`,
  ]);
  for (const [{ status, stderr }, code, sentence] of cases) {
    expect({ status, stderr }).toEqual({ status: code, stderr: expect.stringContaining(sentence) });
    expect(stderr).not.toContain('    at ');
  }
});
