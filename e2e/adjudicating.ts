/** Annotators who differ, through HTTP, and what reviewers look at. */
import { expect, type Locator, type Page } from '@playwright/test';
import { newProject, type Workplace } from './annotating';
import { invite, type Person } from './people';
import type { TestServer } from './server';

interface Task {
  promptId: string;
  externalId: string;
  responses: { id: string }[];
}

export interface DisputedProject extends Workplace {
  /** The second annotator, who says the opposite of the first on each prompt. */
  opponent: Person;
  reviewer: Person;
  /** By name. */
  promptIds: Record<string, string>;
}

let projects = 0;

/** A project in which two annotators said the opposite of each other on every prompt, and a reviewer. */
export async function disputedProject(
  server: TestServer & { admin: Person },
  prompts: number,
): Promise<DisputedProject> {
  const work = await newProject(server, prompts);
  const round = ++projects;
  const opponent = await invite(server, server.admin, `opponent${round}`, 'annotator', work.projectId);
  const reviewer = await invite(server, server.admin, `reviewer${round}`, 'researcher', work.projectId);
  await judgeAll(work.annotator, work.project, (place) => place);
  const promptIds = await judgeAll(opponent, work.project, (place) => 2 - place);
  return { ...work, opponent, reviewer, promptIds };
}

/** Judges every prompt that the person is given. @param tier by the response's place among the sorted ids */
async function judgeAll(person: Person, project: string, tier: (place: number) => number) {
  const { body } = await person.ask<{ tasks: Task[] }>('GET', `${project}/tasks/next?count=10`);
  for (const { promptId, responses } of body.tasks) {
    const sorted = responses.map(({ id }) => id).sort();
    const saved = await person.ask('POST', `${project}/annotations`, {
      promptId,
      idempotencyKey: crypto.randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 1000,
      placements: sorted.map((id, place) => ({ responseId: id, state: 'placed', tier: tier(place) })),
    });
    expect(saved.status, JSON.stringify(saved.body)).toBe(201);
  }
  return Object.fromEntries(body.tasks.map(({ externalId, promptId }) => [externalId, promptId]));
}

/** Decides a prompt through HTTP: everything in the best tier. */
export async function decideElsewhere(reviewer: Person, project: string, promptId: string, baseVersion = 0) {
  const { body } = await reviewer.ask<Task>('GET', `${project}/answers/${promptId}`);
  const saved = await reviewer.ask('POST', `${project}/decisions`, {
    promptId,
    idempotencyKey: crypto.randomUUID(),
    baseVersion,
    allBad: false,
    timeOnTaskMs: 1,
    placements: body.responses.map(({ id }) => ({ responseId: id, state: 'placed', tier: 0 })),
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(201);
}

/** Where everybody put each response. */
export const answerMatrix = (page: Page): Locator =>
  page.getByRole('table', { name: 'Where each annotator placed each response' });
