/** The built server without what it needs: sentences, at the start and while it runs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startRefused } from '../server';

/** No stack, no code alone. */
const sentence = (log: string, pattern: RegExp) => {
  expect(log).toMatch(pattern);
  expect(log).not.toMatch(/^\s+at /m);
};

const folders: string[] = [];
const mounts: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'rescue-outage-'));
  folders.push(made);
  return made;
};
test.afterAll(() => {
  for (const mount of mounts) execFileSync('umount', ['-l', mount]);
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

/** A file system of its own; null, with the reason, where this user may not mount one. */
function mounted(...options: string[]): string | null {
  const at = folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options.join(','), 'tmpfs', at], { stdio: 'pipe' });
  } catch {
    return null;
  }
  mounts.push(at);
  return at;
}

test('a data directory that can only be read', async () => {
  const at = mounted('ro');
  test.skip(at === null, 'mounting a file system needs rights that this user has not');
  const { code, log } = await startRefused({ dataDir: join(at!, 'data') });
  expect(code).toBe(1);
  sentence(log, /The data directory .*\/data (?:cannot be made: its|lies on a) file system (?:that )?can only be read/);
});

test('a data directory that is a file', async () => {
  const at = join(folder(), 'data');
  writeFileSync(at, '');
  const { code, log } = await startRefused({ dataDir: at });
  expect(code).toBe(1);
  sentence(log, /The data directory .*\/data is no folder\. Give it another folder/);
});

test('a PostgreSQL that is not there', async () => {
  const port = await new Promise<number>((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
  const url = `postgres://me:secret@127.0.0.1:${port}/rescue`;
  const { code, log } = await startRefused({ dataDir: folder(), env: { DATABASE_URL: url } });
  expect(code).toBe(1);
  sentence(
    log,
    /PostgreSQL at 127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)\. Start it, or correct DATABASE_URL\./,
  );
  expect(log).not.toContain('secret');
});
