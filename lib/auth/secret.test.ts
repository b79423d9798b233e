import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authSecret } from './secret';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescue-secret-'));
  vi.stubEnv('AUTH_SECRET', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('the secret that signs sessions', () => {
  it('is made once, for the server’s user alone, and is the same at the next start', async () => {
    const made = await authSecret(folder);
    expect(made.length).toBeGreaterThanOrEqual(32);
    expect(await authSecret(folder)).toBe(made);
    if (process.platform !== 'win32') expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['secret']);
  });

  it('is another in another folder', async () => {
    expect(await authSecret(join(folder, 'one'))).not.toBe(await authSecret(join(folder, 'two')));
  });

  it('is the same for processes that start at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => authSecret(folder)));
    expect(new Set(all).size).toBe(1);
    expect((await readFile(join(folder, 'secret'), 'utf8')).trim()).toBe(all[0]);
    expect(await readdir(folder)).toEqual(['secret']);
  });

  it('is AUTH_SECRET where that is set, and nothing is written', async () => {
    vi.stubEnv('AUTH_SECRET', 'x'.repeat(32));
    expect(await authSecret(folder)).toBe('x'.repeat(32));
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused with its location when it is too short', async () => {
    vi.stubEnv('AUTH_SECRET', 'x'.repeat(31));
    await expect(authSecret(folder)).rejects.toThrow(/^AUTH_SECRET needs at least 32 characters/);
    vi.stubEnv('AUTH_SECRET', '');
    await writeFile(join(folder, 'secret'), 'short\n');
    await expect(authSecret(folder)).rejects.toThrow(`${join(folder, 'secret')} needs at least 32 characters`);
  });
});
