/**
 * The server is killed with SIGKILL in the middle of an import and of a snapshot, at several moments, on both
 * databases: after the restart there is nothing of it or all of it, and the same work succeeds. An import of an uploaded
 * file goes on by itself.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { startPostgres } from '../../lib/db/testing-postgres';
import type { JobAnswer, JobProgress } from '../../lib/schemas/job';
import { join, type Person, promptLines } from '../people';
import { startServer, type TestServer } from '../server';
import { uploadFile } from '../upload';

const PROMPTS = 1200;
const UPLOADED = 4000;
const MOMENTS = [0.02, 0.5, 0.97];

/** Begins the work, and kills the server once it has come this far. @returns whether it was in the middle */
async function killAt(server: TestServer, admin: Person, share: number, begin: (job: string) => Promise<unknown>) {
  const job = randomUUID();
  const done = begin(job).then(
    () => true,
    () => false,
  );
  for (;;) {
    const { body } = await admin.ask<{ job: JobProgress | null }>('GET', `/jobs/${job}`);
    if (body.job && (body.job.state !== 'running' || (body.job.total > 0 && body.job.done / body.job.total >= share)))
      break;
    await sleep(3);
  }
  await server.kill9();
  const answered = await done;
  await server.restart();
  return !answered;
}

async function killedInTheMiddle(env: Record<string, string>): Promise<void> {
  const server = await startServer({ env });
  try {
    const admin = await join(server, server.setupUrl, 'Ada');
    let inTheMiddle = 0;
    const project = async () => {
      const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
      return `/projects/${body.project.id}`;
    };
    const text = promptLines(PROMPTS);
    let whole = '';
    for (const moment of MOMENTS) {
      whole = await project();
      const importing = (job: string) => admin.ask('POST', `${whole}/import?job=${job}`, undefined, { text });
      if (await killAt(server, admin, moment, importing)) inTheMiddle++;
      const { body } = await admin.ask<{ counts: { prompts: number; responses: number } }>('GET', whole);
      expect([0, PROMPTS]).toContain(body.counts.prompts);
      expect(body.counts.responses).toBe(3 * body.counts.prompts);
      const again = await admin.ask<{ imported: number; unchanged: number }>('POST', `${whole}/import`, undefined, {
        text,
      });
      expect(again.status, JSON.stringify(again.body)).toBe(200);
      expect(again.body.imported + again.body.unchanged).toBe(PROMPTS);
      expect([0, PROMPTS]).toContain(again.body.unchanged);
    }
    for (const [n, moment] of MOMENTS.entries()) {
      // Each holds one prompt less, so that none is there already.
      const request = { name: `S${n}`, strategy: 'hybrid', heldBack: [`prompt-${n}`] };
      const freezing = (job: string) => admin.ask('POST', `${whole}/snapshots?job=${job}`, request);
      if (await killAt(server, admin, moment, freezing)) inTheMiddle++;
      const listed = async () =>
        (await admin.ask<{ snapshots: { id: string; name: string; hash: string }[] }>('GET', `${whole}/snapshots`)).body
          .snapshots;
      const before = (await listed()).length;
      expect([n, n + 1]).toContain(before);
      expect((await admin.ask('POST', `${whole}/snapshots`, request)).status).toBe(before === n ? 201 : 200);
      for (const { id, hash } of await listed()) {
        const records = await fetch(`${server.url}/api/snapshots/${id}/records`, { headers: { cookie: admin.cookie } });
        const bytes = Buffer.from(await records.arrayBuffer());
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
        expect(bytes.toString().trim().split('\n')).toHaveLength(PROMPTS - 1);
      }
    }
    console.log(`${inTheMiddle} of ${2 * MOMENTS.length} kills were in the middle`);
    expect(inTheMiddle).toBeGreaterThan(MOMENTS.length);
  } finally {
    await server.stop();
  }
}

/** An import of an uploaded file is gone on with: nobody sees a part of it at any time, and in the end all of it. */
async function goneOnWith(env: Record<string, string>): Promise<void> {
  const server = await startServer({ env });
  const folder = mkdtempSync(joinPath(tmpdir(), 'rescue-kill-'));
  try {
    const admin = await join(server, server.setupUrl, 'Ada');
    const path = joinPath(folder, 'prompts.jsonl');
    writeFileSync(path, promptLines(UPLOADED));
    let inTheMiddle = 0;
    for (const moment of MOMENTS) {
      const created = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
      const project = `/projects/${created.body.project.id}`;
      const upload = await uploadFile(server, admin, project, path);
      let job = '';
      const importing = (id: string) => {
        job = id;
        return fetch(`${server.url}/api${project}/import?job=${id}`, {
          method: 'POST',
          headers: { cookie: admin.cookie, origin: server.url, 'x-upload': upload },
        });
      };
      if (await killAt(server, admin, moment, importing)) inTheMiddle++;
      const seen = new Set<number>();
      // On a shared database a dead server's job is taken over after 20 s, and looked for as often.
      const end = Date.now() + 240_000;
      for (;;) {
        expect(Date.now(), 'the import goes on').toBeLessThan(end);
        const { body } = await admin.ask<{ counts: { prompts: number; responses: number } }>('GET', project);
        seen.add(body.counts.prompts);
        const answer = await admin.ask<JobAnswer>('GET', `/jobs/${job}`);
        if (answer.body.job?.state === 'running') {
          await sleep(50);
          continue;
        }
        expect(answer.body.job).toMatchObject({ state: 'done', result: { imported: UPLOADED, unchanged: 0 } });
        break;
      }
      expect([0, UPLOADED]).toEqual(expect.arrayContaining([...seen]));
      const { body } = await admin.ask<{ counts: { prompts: number; responses: number } }>('GET', project);
      expect(body.counts).toMatchObject({ prompts: UPLOADED, responses: 3 * UPLOADED });
    }
    console.log(`${inTheMiddle} of ${MOMENTS.length} kills were in the middle`);
    expect(inTheMiddle).toBeGreaterThan(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.stop();
  }
}

test('an import of an upload that was killed goes on after the restart, on the embedded database', async () => {
  test.setTimeout(1_200_000);
  await goneOnWith({});
});

test('an import of an upload that was killed goes on after the restart, on PostgreSQL', async () => {
  test.setTimeout(1_200_000);
  const postgres = await startPostgres();
  try {
    await goneOnWith({ DATABASE_URL: postgres.url });
  } finally {
    await postgres.stop();
  }
});

test('killed in the middle of an import and of a snapshot on the embedded database: nothing or all', async () => {
  test.setTimeout(1_200_000);
  await killedInTheMiddle({});
});

test('killed in the middle of an import and of a snapshot on PostgreSQL: nothing or all', async () => {
  test.setTimeout(1_200_000);
  const postgres = await startPostgres();
  try {
    await killedInTheMiddle({ DATABASE_URL: postgres.url });
  } finally {
    await postgres.stop();
  }
});
