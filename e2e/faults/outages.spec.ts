/** The built server without what it needs: sentences, at the start and while it runs. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { join as accept, ask, type Person, promptLines } from '../people';
import { startRefused, startServer } from '../server';

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

/** A run that has just begun. */
async function runOf(person: Person): Promise<string> {
  const { body: made } = await person.ask<{ project: { id: string } }>('POST', '/projects', { name: 'P' });
  const path = `/projects/${made.project.id}`;
  await person.ask('POST', `${path}/import`, undefined, { text: promptLines(3) });
  const wanted = { name: 'S', strategy: 'human' };
  const { body: taken } = await person.ask<{ snapshot: { id: string } }>('POST', `${path}/snapshots`, wanted);
  const { status, body } = await person.ask<{ run: { id: string } }>('POST', `${path}/runs`, {
    snapshotId: taken.snapshot.id,
    modelId: 'demo',
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.run.id;
}

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

test('what a killed server had written aside is gone after the next start', async () => {
  const server = await startServer();
  try {
    await server.kill9();
    const files = join(server.dataDir, 'files');
    mkdirSync(files, { recursive: true });
    writeFileSync(join(files, '.partial-left-behind'), 'x'.repeat(1_000));
    await server.restart();
    expect(readdirSync(files)).toEqual([]);
  } finally {
    await server.stop();
  }
});

test('a disk that fills up while files come is told so, what was there stays, and it goes on with room', async () => {
  const at = mounted('size=24m');
  test.skip(at === null, 'mounting a file system needs rights that this user has not');
  const server = await startServer();
  const files = join(server.dataDir, 'files');
  try {
    const ada = await accept(server, server.setupUrl, 'Ada');
    mkdirSync(files, { recursive: true });
    execFileSync('mount', ['--bind', at!, files]);
    mounts.unshift(files);
    const bytes = 40 * 2 ** 20;
    const file = { name: 'model.safetensors', bytes, modified: 1 };
    const plan = await ada.ask<{ id: string }>('POST', '/models/uploads', { name: 'M', folder: 'm', files: [file] });
    expect(plan.status).toBe(200);
    const put = await ada.ask<{ error: { message: string } }>(
      'PUT',
      `/models/uploads/${plan.body.id}/files/model.safetensors`,
      undefined,
      { text: 'x'.repeat(bytes) },
    );
    expect(put.status).toBe(413);
    expect(put.body.error.message).toBe('The server does not have enough disk space for model.safetensors.');
    expect(readdirSync(files)).toEqual([]);

    const weights = Buffer.alloc(bytes, 'y');
    const stored = await fetch(`${server.url}/api/runs/${await runOf(ada)}/files/model.safetensors`, {
      method: 'PUT',
      headers: {
        cookie: ada.cookie,
        origin: server.url,
        'x-sha256': createHash('sha256').update(weights).digest('hex'),
      },
      body: weights,
    });
    expect(stored.status).toBe(503);
    const { error } = (await stored.json()) as { error: { message: string } };
    expect(error.message).toMatch(/^The server’s disk is full\. Nothing was changed\./);
    expect(readdirSync(files)).toEqual([]);
    expect((await ask(server, ada.cookie, 'GET', '/projects')).status).toBe(200);
    expect(server.log()).not.toMatch(/^\s+at /m);
    expect(existsSync(files)).toBe(true);
  } finally {
    if (mounts[0] === files) execFileSync('umount', ['-l', mounts.shift()!]);
    await server.stop();
  }
});
