/**
 * Files that cannot be read, sent to a real server: each is refused with its line and the reason, nothing of it is
 * written, and the server's memory stays near what it is at rest.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { endlessImports, malformedImports } from '../../lib/containers/malformed-imports.test-support';
import { startWorkplace } from '../annotating';
import { promptLines } from '../people';

/** Megabytes above what the server takes at rest. */
const MOST_MORE = 300;

let server: Awaited<ReturnType<typeof startWorkplace>>;
let projectId: string;
let key: string;
test.beforeAll(async () => {
  server = await startWorkplace();
  const { body } = await server.admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Malformed' });
  projectId = body.project.id;
  const made = await server.admin.ask<{ secret: string }>('POST', '/me/keys', {
    name: 'K',
    scopes: ['import'],
    days: 1,
  });
  key = made.body.secret;
});
test.afterAll(() => server?.stop());

/** In megabytes. */
const memory = (field: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid()}/status`, 'utf8'))?.[1]) / 1024;
/** From now on, VmHWM is the most that there was since. */
const forgetPeak = () => writeFileSync(`/proc/${server.pid()}/clear_refs`, '5');

async function send(route: string, file: Uint8Array) {
  const answer = await fetch(`${server.url}/api/v1/projects/${projectId}/${route}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: file as Uint8Array<ArrayBuffer>,
  });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
}

interface Told {
  errors: { line: number; message: string }[];
}

test('every malformed file is refused by line and reason; nothing is written and memory stays near its rest', async () => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  test.setTimeout(600_000);
  expect(malformedImports.length).toBeGreaterThanOrEqual(60);
  // What a good file takes belongs to a server at rest: its threads and routes are loaded once.
  const good = new TextEncoder().encode(promptLines(200));
  expect((await send('import/preview', good)).status).toBe(200);
  expect((await send('import', good)).status).toBe(200);
  await sleep(3000);
  const rest = memory('VmRSS');
  const peaks: { name: string; more: number }[] = [];
  for (const { name, file, line, reason } of [...malformedImports, ...endlessImports]) {
    forgetPeak();
    const refused = await send('import', file);
    expect({ name, status: refused.status }).toEqual({ name, status: 400 });
    expect(refused.type).toBe('application/problem+json');
    expect(refused.body.details as Told, name).toMatchObject({
      errors: expect.arrayContaining([{ line, message: expect.stringMatching(reason) }]),
    });
    const preview = await send('import/preview', file);
    expect(preview, name).toMatchObject({ status: 200, body: { ok: false } });
    peaks.push({ name, more: memory('VmHWM') - rest });
  }
  peaks.sort((a, b) => b.more - a.more);
  const told = peaks.slice(0, 5).map(({ name, more }) => `${name}: ${more.toFixed(0)}`);
  console.log(`At rest ${rest.toFixed(0)} MB; the most above it, in MB: ${told.join(', ')}`);
  const { body } = await server.admin.ask<{ count: number }>('GET', `/projects/${projectId}/prompts/list/count`);
  expect(body.count).toBe(200);
  expect(peaks.filter(({ more }) => more > MOST_MORE)).toEqual([]);
});
