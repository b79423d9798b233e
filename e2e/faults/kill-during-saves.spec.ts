/**
 * In each round (50 at full size) people save annotations through HTTP, the server is killed with SIGKILL in the middle,
 * started again, and every annotation it had acknowledged must be there, and nothing twice.
 *
 * What this proves: an acknowledgement comes after the commit has left the process; recovery after a crash, the lock
 * of a dead process and idempotent retries work. What it cannot prove: that the data has left the operating system's
 * cache, which SIGKILL does not clear. That each commit is synced to disk is tested, with its control, in
 * lib/db/pglite.test.ts.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { seededRandom } from '../../trainer/data/seeded-random';
import { repetitions } from '../../trainer/fixtures/repetitions';
import { invite, join, type Person, promptLines } from '../people';
import { startServer } from '../server';

const ROUNDS = repetitions(50, 12);
const ANNOTATORS = 4;
const PROMPTS = 12;

interface Submission {
  promptId: string;
  idempotencyKey: string;
  baseVersion: number;
  allBad: boolean;
  timeOnTaskMs: number;
  placements: { responseId: string; state: 'placed'; tier: number }[];
}
interface Saved {
  annotationId: string;
  version: number;
}
interface Task {
  promptId: string;
  responses: { id: string }[];
  annotation: { version: number; placements: { responseId: string; tier: number | null }[] } | null;
}
interface Annotator {
  person: Person;
  tasks: Task[];
  /** The version in force of each prompt, as far as this annotator knows. */
  versions: Map<string, number>;
  acknowledged: { submission: Submission; saved: Saved }[];
  /** Sent, and not answered: it may be stored or not. */
  unanswered: Submission[];
}

test(`every acknowledged annotation survives ${ROUNDS} kills`, async () => {
  test.setTimeout(900_000);
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`seed ${seed} (repeat with SEED=${seed})`);
  const next = seededRandom(seed);
  const server = await startServer();
  try {
    const admin = await join(server, server.setupUrl, 'Ada');
    const { body: created } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
    const project = `/projects/${created.project.id}`;
    const imported = await admin.ask('POST', `${project}/import`, undefined, { text: promptLines(PROMPTS) });
    expect(imported.status).toBe(200);
    const annotators: Annotator[] = [];
    for (let n = 0; n < ANNOTATORS; n++) {
      const person = await invite(server, admin, `annotator${n}`, 'annotator', created.project.id);
      const { body } = await person.ask<{ tasks: Task[] }>('GET', `${project}/tasks/next?count=5`);
      expect(body.tasks.length).toBeGreaterThan(0);
      annotators.push({ person, tasks: body.tasks, versions: new Map(), acknowledged: [], unanswered: [] });
    }

    let killedInFlight = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const before = annotators.map(({ acknowledged }) => acknowledged.length);
      const killing = { done: false };
      const savers = annotators.map((annotator) => saveUntilKilled(annotator, project, killing, next));
      // Nothing is answered so early on a busy machine: in every other round something is, before the kill.
      const answered = async () => {
        while (annotators.every(({ acknowledged }, n) => acknowledged.length === before[n])) await sleep(5);
      };
      if (round % 2 === 0) await Promise.race([answered(), Promise.all(savers)]);
      await sleep(20 + next() * 200);
      killing.done = true;
      await server.kill9();
      await Promise.all(savers);
      killedInFlight += annotators.filter(({ unanswered }) => unanswered.length > 0).length;
      await server.restart();
      for (const [index, annotator] of annotators.entries()) {
        await replay(annotator, project, annotator.acknowledged.slice(before[index]));
        await settle(annotator, project);
      }
    }

    // At the end once more, all of them: no later round may have undone an earlier one.
    let total = 0;
    for (const annotator of annotators) {
      await replay(annotator, project, annotator.acknowledged);
      await compareCurrent(annotator, project);
      total += annotator.acknowledged.length;
    }
    console.log(`${total} acknowledged in ${ROUNDS} rounds, ${killedInFlight} kills with a save in flight: none lost`);
    expect(total).toBeGreaterThan(ROUNDS * ANNOTATORS);
    expect(killedInFlight).toBeGreaterThan(ROUNDS / 2);
  } finally {
    await server.stop();
  }
});

async function saveUntilKilled(
  annotator: Annotator,
  project: string,
  killing: { done: boolean },
  next: () => number,
): Promise<void> {
  while (!killing.done) {
    const task = annotator.tasks[Math.floor(next() * annotator.tasks.length)]!;
    const submission: Submission = {
      promptId: task.promptId,
      idempotencyKey: randomUUID(),
      baseVersion: annotator.versions.get(task.promptId) ?? 0,
      allBad: false,
      timeOnTaskMs: Math.floor(next() * 60_000),
      placements: task.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: Math.floor(next() * 4) })),
    };
    annotator.unanswered.push(submission);
    let answer: Awaited<ReturnType<typeof annotator.person.ask<Saved>>>;
    try {
      answer = await annotator.person.ask<Saved>('POST', `${project}/annotations`, submission);
    } catch {
      return; // The connection broke: the server is gone.
    }
    expect(answer, 'a save before the kill').toMatchObject({ status: 201 });
    annotator.unanswered.pop();
    annotator.versions.set(task.promptId, answer.body.version);
    annotator.acknowledged.push({ submission, saved: answer.body });
  }
}

/** The same key again answers 200 with the same annotation: it is there. A lost one would answer 201 or 409. */
async function replay(annotator: Annotator, project: string, saves: Annotator['acknowledged']): Promise<void> {
  for (const { submission, saved } of saves) {
    const answer = await annotator.person.ask<Saved>('POST', `${project}/annotations`, submission);
    expect(answer, 'an acknowledged annotation after the restart').toMatchObject({ status: 200, body: saved });
  }
}

/** What was in flight is sent again, as the browser's outbox does: stored now or then, but once. */
async function settle(annotator: Annotator, project: string): Promise<void> {
  for (const submission of annotator.unanswered.splice(0)) {
    const answer = await annotator.person.ask<Saved>('POST', `${project}/annotations`, submission);
    expect([200, 201]).toContain(answer.status);
    expect(answer.body.version).toBe(submission.baseVersion + 1);
    annotator.versions.set(submission.promptId, answer.body.version);
    annotator.acknowledged.push({ submission, saved: answer.body });
  }
}

/** The annotation in force is the last acknowledged one, tier by tier. */
async function compareCurrent(annotator: Annotator, project: string): Promise<void> {
  for (const { promptId } of annotator.tasks) {
    const last = annotator.acknowledged.findLast(({ submission }) => submission.promptId === promptId);
    const { body } = await annotator.person.ask<Task>('GET', `${project}/tasks/${promptId}`);
    expect(body.annotation?.version ?? 0).toBe(last?.saved.version ?? 0);
    const tiers = (placements: { responseId: string; tier: number | null }[]) =>
      placements.map(({ responseId, tier }) => `${responseId} ${tier}`).sort();
    expect(tiers(body.annotation?.placements ?? [])).toEqual(tiers(last?.submission.placements ?? []));
  }
}
