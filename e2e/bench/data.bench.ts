/**
 * npm run bench data [-- --prompts=1000000] [-- --pairs=5000000] [-- --embedded | --postgres]: a large file in and a large
 * snapshot out, through the routes of the built server. Prompts with 4 responses each are uploaded and imported, first a
 * tenth of them and then all (on the embedded database 50,000), while four annotators work in the same project; then pairs
 * are exported. Of the server's process it prints the memory.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startPostgres } from '../../lib/db/testing-postgres';
import { recordLine } from '../../lib/formats/snapshot-records';
import type { JobAnswer } from '../../lib/schemas/job';
import { join, type Person } from '../people';
import { startServer, type TestServer } from '../server';
import { uploadFile } from '../upload';
import { crowd, linesOfFour } from './annotators';

const flag = (name: string) => process.argv.find((argument) => argument.startsWith(`--${name}`));
const number = (name: string, otherwise: number) => Number(flag(`${name}=`)?.split('=')[1] ?? otherwise);
const RESPONSES = 4;
const PEOPLE = 4;
const BEGUN = 1_000;

const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
const perSecond = (count: number, seconds: number) => `${Math.round(count / seconds).toLocaleString('en')}/s`;

/** The memory of a process while something runs. */
async function memoryOf<T>(pid: number, task: () => Promise<T>): Promise<{ result: T; memory: string }> {
  const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
  const before = rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 100);
  try {
    const result = await task();
    return { result, memory: `${mib(before)} before, at most ${mib(peak)} (+${mib(peak - before)})` };
  } finally {
    clearInterval(timer);
  }
}

async function writeFile(path: string, from: number, count: number): Promise<void> {
  const file = createWriteStream(path);
  let text = '';
  for (const line of linesOfFour(from, count)) {
    text += line;
    if (text.length < 2 ** 20) continue;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  file.end(text);
  await once(file, 'finish');
}

async function importUpload(server: TestServer, admin: Person, project: string, id: string): Promise<void> {
  const job = randomUUID();
  // Its answer may take longer than a client waits; the job says how it ended.
  const asked = fetch(`${server.url}/api${project}/import?job=${job}`, {
    method: 'POST',
    headers: { cookie: admin.cookie, origin: server.url, 'x-upload': id },
  }).catch(() => undefined);
  for (;;) {
    await sleep(250);
    const { body } = await admin.ask<JobAnswer>('GET', `/jobs/${job}`);
    if (!body.job || body.job.state === 'running') continue;
    if (body.job.state !== 'done') throw new Error(`${body.job.state}: ${(await (await asked)?.text()) ?? ''}`);
    return;
  }
}

async function imports(kind: string, server: TestServer, sizes: number[]): Promise<{ admin: Person; project: string }> {
  console.log(`\n## ${kind}`);
  const admin = await join(server, server.setupUrl, 'Ada');
  const folder = mkdtempSync(joinPath(tmpdir(), 'rescue-bench-'));
  let last = '';
  try {
    for (const prompts of sizes) {
      const path = joinPath(folder, `${prompts}.jsonl`);
      await writeFile(path, BEGUN, prompts);
      const { project, phase } = await crowd(server, admin, { people: PEOPLE, begun: BEGUN });
      const sent = await memoryOf(server.pid(), () => uploadFile(server, admin, project, path));
      console.log(`upload of ${mib(statSync(path).size)}: ${sent.memory}`);
      const name = `import of ${prompts.toLocaleString('en')} x ${RESPONSES}`;
      const { result, memory } = await memoryOf(server.pid(), () =>
        phase(name, () => importUpload(server, admin, project, sent.result)),
      );
      console.log(`  ${perSecond(prompts * RESPONSES, result.seconds)} responses; memory ${memory}`);
      rmSync(path);
      last = project;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { admin, project: last };
}

const PAIRS_PER_PROMPT = 6;
const text = (seed: number) => `Answer ${seed} ${'says in a few sentences what was asked and why '.repeat(4)}`;

/** Four responses in four tiers. */
function recordAt(at: number): string {
  const responses = [0, 1, 2, 3].map((tier) => ({
    id: `r${tier}`,
    text: text(at * 4 + tier),
    source: `m-${tier}`,
    tier,
  }));
  const pairs = responses.flatMap((chosen, i) =>
    responses.slice(i + 1).map((rejected) => ({
      chosen: chosen.id,
      rejected: rejected.id,
      margin: rejected.tier - chosen.tier,
      support: ['annotator-1', 'annotator-2'],
      against: [],
    })),
  );
  const prompt = [{ role: 'user' as const, content: `Question ${at}?` }];
  return recordLine({ id: `p${at}`, prompt, responses, pairs, target: 'r0' });
}

/** A snapshot as the database holds one, of records that come again and again. */
async function snapshot(url: string, project: string, prompts: number): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const lines = Array.from({ length: 1000 }, (_, at) => recordAt(at));
  const counts = {
    prompts,
    responses: prompts * 4,
    pairs: prompts * PAIRS_PER_PROMPT,
    annotations: 0,
    dropped_pairs: 0,
  };
  const header = { schema_version: 1, hash: '0'.repeat(64), name: 'Bench', tiers: ['1', '2', '3', '4'] };
  const whole = { ...header, strategy: 'annotations', filters: {}, counts, created_at: '2026-01-01T00:00:00.000Z' };
  const { rows } = await client.query<{ id: string }>(
    `insert into snapshots (project_id, name, hash, header, prompt_count, pair_count) values ($1, 'Bench', $2, $3, $4, $5) returning id`,
    [project.split('/')[2], header.hash, JSON.stringify(whole), prompts, counts.pairs],
  );
  const { id } = rows[0]!;
  await client.query(
    'create temporary table lines as select line, at - 1 as at from unnest($1::text[]) with ordinality l (line, at)',
    [lines],
  );
  for (let from = 0; from < prompts; from += 100_000) {
    await client.query(
      `insert into snapshot_records (snapshot_id, position, record)
       select $1, n, line from generate_series($2::int, $3::int) n join lines on at = n % 1000`,
      [id, from, Math.min(prompts, from + 100_000) - 1],
    );
  }
  await client.end();
  return id;
}

async function exports(server: TestServer, admin: Person, id: string, prompts: number): Promise<void> {
  for (const format of ['trl-conversational', 'csv', 'parquet']) {
    const started = performance.now();
    const { result: bytes, memory } = await memoryOf(server.pid(), async () => {
      const answer = await fetch(`${server.url}/api/snapshots/${id}/export?format=${format}`, {
        headers: { cookie: admin.cookie },
      });
      if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
      let size = 0;
      for await (const piece of answer.body) size += piece.length;
      return size;
    });
    const seconds = (performance.now() - started) / 1000;
    const pairs = prompts * PAIRS_PER_PROMPT;
    console.log(
      `export of ${pairs.toLocaleString('en')} pairs as ${format} (${seconds.toFixed(1)} s, ${mib(bytes)}): ` +
        `${perSecond(pairs, seconds)}; memory ${memory}`,
    );
  }
}

if (!flag('postgres')) {
  const server = await startServer();
  try {
    await imports('the embedded database', server, [number('embedded-prompts', 50_000)]);
  } finally {
    await server.stop();
  }
}
if (!flag('embedded')) {
  const postgres = await startPostgres();
  const server = await startServer({ env: { DATABASE_URL: postgres.url } });
  try {
    const prompts = number('prompts', 1_000_000);
    const { admin, project } = await imports('PostgreSQL', server, [prompts / 10, prompts]);
    const pairs = number('pairs', 5_000_000);
    const frozen = Math.ceil(pairs / PAIRS_PER_PROMPT);
    await exports(server, admin, await snapshot(postgres.url, project, frozen), frozen);
  } finally {
    await server.stop();
    await postgres.stop();
  }
}
process.exit(0);
