/** Annotators at work in benches: they fetch tasks and save, a second between their requests. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { invite, type Person } from '../people';
import type { TestServer } from '../server';

/** Between an annotator's requests. */
const THINKING_MS = 1000;

interface Task {
  promptId: string;
  responses: { id: string }[];
}

/** What each kind of request took, in milliseconds. */
type Times = { next: number[]; save: number[] };

const words = 'a response that says in a few sentences what was asked and why the answer is what it is ';
export function* linesOfFour(from: number, count: number): Generator<string> {
  for (let n = from; n < from + count; n++) {
    yield `${JSON.stringify({
      id: `prompt-${n}`,
      prompt: `Question ${n}: ${words.repeat(2)}?`,
      reference_label: 'yes',
      responses: ['human', 'first', 'second', 'third'].map((source, i) => ({
        id: `r${i}`,
        text: `${n} ${i} ${words.repeat(3)}`,
        source,
        label: i % 2 ? 'no' : 'yes',
      })),
    })}\n`;
  }
}

/** A project with prompts and people. @returns what runs a task while they work, and prints how long they waited */
export async function crowd(
  server: TestServer,
  admin: Person,
  { people: size, begun }: { people: number; begun: number },
) {
  const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Crowd' });
  const project = `/projects/${body.project.id}`;
  const text = [...linesOfFour(0, begun)].join('');
  await expectOk(admin.ask('POST', `${project}/import`, undefined, { text }));
  const people: Person[] = [];
  for (let n = 0; n < size; n++)
    people.push(await invite(server, admin, `a${n}-${body.project.id.slice(0, 8)}`, 'annotator', body.project.id));

  const phase = async <T>(name: string, task: () => Promise<T>): Promise<{ result: T; seconds: number }> => {
    const times: Times = { next: [], save: [] };
    const over = { yes: false };
    const started = performance.now();
    const working = people.map((person) => annotate(person, project, times, over));
    const result = await task();
    const seconds = (performance.now() - started) / 1000;
    over.yes = true;
    await Promise.all(working);
    console.log(`${name} (${seconds.toFixed(1)} s)`);
    for (const what of ['next', 'save'] as const) console.log(`  ${what.padEnd(5)} ${summary(times[what])}`);
    return { result, seconds };
  };
  return { project, phase };
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

export async function expectOk<T extends { status: number; body?: unknown }>(asked: Promise<T>): Promise<T> {
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
