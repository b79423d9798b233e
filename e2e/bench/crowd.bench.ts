/**
 * npm run bench crowd [-- --prompts=20000] [-- --embedded | --postgres]: how long eight annotators wait for their next task and for a
 * save while one researcher imports 20,000 prompts of 4 responses into their project, and then freezes a snapshot of
 * them. The built server, over HTTP, on each database.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../lib/db/testing-postgres';
import { invite, join, type Person } from '../people';
import { startServer, type TestServer } from '../server';

const flag = (name: string) => process.argv.find((argument) => argument.startsWith(`--${name}`));
const PROMPTS = Number(flag('prompts')?.split('=')[1] ?? 20_000);
const PEOPLE = 8;
const BEGUN = 2_000;
/** Between an annotator's requests. */
const THINKING_MS = 1000;

interface Task {
  promptId: string;
  responses: { id: string }[];
}

/** What each kind of request took, in milliseconds. */
type Times = { next: number[]; save: number[] };

const words = 'a response that says in a few sentences what was asked and why the answer is what it is ';
function lines(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      id: `prompt-${from + i}`,
      prompt: `Question ${from + i}: ${words.repeat(2)}?`,
      reference_label: 'yes',
      responses: ['human', 'first', 'second', 'third'].map((source, n) => ({
        id: `r${n}`,
        text: `${from + i} ${n} ${words.repeat(3)}`,
        source,
        label: n % 2 ? 'no' : 'yes',
      })),
    }),
  ).join('\n');
}

async function bench(kind: string, server: TestServer): Promise<void> {
  const admin = await join(server, server.setupUrl, 'Ada');
  const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Crowd' });
  const project = `/projects/${body.project.id}`;
  await expectOk(admin.ask('POST', `${project}/import`, undefined, { text: lines(0, BEGUN) }));
  const people: Person[] = [];
  for (let n = 0; n < PEOPLE; n++) people.push(await invite(server, admin, `a${n}`, 'annotator', body.project.id));

  console.log(`\n## ${kind}`);
  const phase = async (name: string, task: () => Promise<unknown>) => {
    const times: Times = { next: [], save: [] };
    const over = { yes: false };
    const started = performance.now();
    const crowd = people.map((person) => annotate(person, project, times, over));
    await task();
    const took = performance.now() - started;
    over.yes = true;
    await Promise.all(crowd);
    console.log(`${name} (${(took / 1000).toFixed(1)} s)`);
    for (const what of ['next', 'save'] as const) console.log(`  ${what.padEnd(5)} ${summary(times[what])}`);
  };
  await phase('nothing else', () => sleep(10_000));
  const file = lines(BEGUN, PROMPTS);
  await phase(`import of ${PROMPTS} x 4`, () =>
    expectOk(admin.ask('POST', `${project}/import`, undefined, { text: file })),
  );
  await phase(`snapshot of ${PROMPTS + BEGUN} x 4`, () =>
    expectOk(admin.ask('POST', `${project}/snapshots`, { name: 'All', strategy: 'hybrid' })),
  );
  await phase('the same, split, checked for leaks and with sources in balance', () =>
    expectOk(
      admin.ask('POST', `${project}/snapshots`, {
        name: 'Selected',
        strategy: 'hybrid',
        selection: { split: { validation: 10, test: 10 }, winsPerLoss: 1 },
      }),
    ),
  );
}

async function annotate(person: Person, project: string, times: Times, over: { yes: boolean }): Promise<void> {
  await sleep(Math.random() * THINKING_MS);
  while (!over.yes) {
    const page = await timed(times.next, () => person.ask<{ tasks: Task[] }>('GET', `${project}/tasks/next?count=2`));
    await sleep(THINKING_MS);
    const task = page.body.tasks[0];
    if (!task) throw new Error('The annotators ran out of prompts.');
    await timed(times.save, () =>
      person.ask('POST', `${project}/annotations`, {
        promptId: task.promptId,
        idempotencyKey: randomUUID(),
        baseVersion: 0,
        allBad: false,
        timeOnTaskMs: 30_000,
        placements: task.responses.map(({ id }, tier) => ({ responseId: id, state: 'placed', tier: tier % 4 })),
      }),
    );
    await sleep(THINKING_MS);
  }
}

async function timed<T>(into: number[], ask: () => Promise<T & { status: number }>): Promise<T> {
  const started = performance.now();
  // A server that stood still closes connections that it had kept: asked again, the wait goes on.
  const answer = await expectOk(ask().catch(ask));
  into.push(performance.now() - started);
  return answer;
}

async function expectOk<T extends { status: number; body?: unknown }>(asked: Promise<T>): Promise<T> {
  const answer = await asked;
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

function summary(took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) =>
    `${(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0)} ms`;
  return `${sorted.length} requests, p50 ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}`;
}

async function onServer(kind: string, env: Record<string, string>): Promise<void> {
  const server = await startServer({ env });
  try {
    await bench(kind, server);
  } finally {
    await server.stop();
  }
}

if (!flag('postgres')) await onServer('the embedded database', {});
if (!flag('embedded')) {
  const postgres = await startPostgres();
  try {
    await onServer('PostgreSQL', { DATABASE_URL: postgres.url });
  } finally {
    await postgres.stop();
  }
}
process.exit(0);
