/** A project with an annotator, judged by keyboard in the browser and read back through HTTP. */
import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test';
import type { Remarks } from '../lib/schemas/remarks';
import { invite, join, type Person, promptLines, signInAs } from './people';
import { startServer, type TestServer } from './server';

export interface Workplace {
  server: TestServer;
  annotator: Person;
  projectId: string;
  /** Below /api. */
  project: string;
  /** The page that annotates. */
  board: string;
}

interface Task {
  promptId: string;
  externalId: string;
  responses: { id: string }[];
  annotation: {
    version: number;
    placements: { responseId: string; tier: number | null }[];
    remarks: Remarks;
  } | null;
  draft: { content: { placements: { responseId: string; tier: number | null }[] } } | null;
}

/** A prompt's stored state: the current version and each response's tier in the order shown. */
export interface Stored {
  version: number;
  tiers: (number | null)[];
}

export async function startWorkplace(): Promise<TestServer & { admin: Person }> {
  const server = await startServer();
  return Object.assign(server, { admin: await join(server, server.setupUrl, 'Ada') });
}

let people = 0;

/** Creates a project with `prompts` prompts of three responses each, and an annotator in it. */
export async function newProject(server: TestServer & { admin: Person }, prompts: number): Promise<Workplace> {
  const { body } = await server.admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
  const projectId = body.project.id;
  const project = `/projects/${projectId}`;
  const imported = await server.admin.ask('POST', `${project}/import`, undefined, { text: promptLines(prompts) });
  expect(imported.status).toBe(200);
  const annotator = await invite(server, server.admin, `annotator${++people}`, 'annotator', projectId);
  return { server, annotator, projectId, project, board: `${server.url}${project}/annotate` };
}

export const signIn = (context: BrowserContext, { server, annotator }: Workplace): Promise<void> =>
  signInAs(context, server, annotator);

export const promptHeading = (page: Page): Locator => page.getByRole('heading', { level: 1, name: /^Prompt / });
export const saveStatus = (page: Page): Locator => page.getByRole('status', { name: 'Save status' });
export const unplaced = (page: Page): Locator =>
  page.getByRole('region', { name: 'To place' }).getByRole('group', { name: /^Response / });

/** The tiers that `judge` gives to the three responses of prompt `n`; other rounds give other ones. */
export const tiersOf = (n: number, round = 0): number[] => [0, 1, 2].map((i) => (n + i + round) % 4);

/** Places the prompt on screen, which must be `prompt-<n>`, without saving. */
export async function place(page: Page, n: number, round = 0): Promise<void> {
  await expect(promptHeading(page)).toHaveText(`Prompt prompt-${n}`);
  await expect(unplaced(page)).toHaveCount(3);
  await unplaced(page).first().focus();
  for (const tier of tiersOf(n, round)) await page.keyboard.press(String(tier + 1));
  await expect(unplaced(page)).toHaveCount(0);
}

/** Places the prompt on screen, which must be `prompt-<n>`, and saves it; the next one (or the end) is there then. */
export async function judge(page: Page, n: number, round = 0): Promise<void> {
  await place(page, n, round);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `Prompt prompt-${n}`, exact: true })).toBeHidden();
}

/** All stored annotations of this annotator, by the prompts' names. */
export async function stored({ annotator, project }: Workplace): Promise<Record<string, Stored>> {
  const { body } = await annotator.ask<{ annotations: { promptId: string }[] }>('GET', `${project}/annotations/mine`);
  const found: Record<string, Stored> = {};
  for (const { promptId } of body.annotations) {
    const { body: task } = await annotator.ask<Task>('GET', `${project}/tasks/${promptId}`);
    found[task.externalId] = { version: task.annotation?.version ?? 0, tiers: tiersIn(task, task.annotation) };
  }
  return found;
}

/** The remarks of this annotator's current version. */
export async function storedRemarks({ annotator, project }: Workplace, promptId: string): Promise<Remarks | undefined> {
  const { body } = await annotator.ask<Task>('GET', `${project}/tasks/${promptId}`);
  return body.annotation?.remarks;
}

/** This annotator's marks by the prompts' names, with the reason. */
export async function storedMarks({ annotator, project }: Workplace): Promise<Record<string, string>> {
  const { body } = await annotator.ask<{ marks: { externalId: string; kind: string; reason: string | null }[] }>(
    'GET',
    `${project}/marks/mine`,
  );
  return Object.fromEntries(
    body.marks.map(({ externalId, kind, reason }) => [externalId, reason ? `${kind} ${reason}` : kind]),
  );
}

/** The stored drafts of the next prompts, by name. */
export async function storedDrafts({ annotator, project }: Workplace): Promise<Record<string, (number | null)[]>> {
  const { body } = await annotator.ask<{ tasks: Task[] }>('GET', `${project}/tasks/next?count=10`);
  const drafted = body.tasks.filter((task) => task.draft !== null);
  return Object.fromEntries(drafted.map((task) => [task.externalId, tiersIn(task, task.draft!.content)]));
}

/** Judges a prompt as from another device: through HTTP, based on the stored version. */
export async function judgeElsewhere(
  { annotator, project }: Workplace,
  promptId: string,
  tiers: number[],
  comment = '',
) {
  const { body: task } = await annotator.ask<Task>('GET', `${project}/tasks/${promptId}`);
  const answer = await annotator.ask('POST', `${project}/annotations`, {
    promptId,
    idempotencyKey: crypto.randomUUID(),
    baseVersion: task.annotation?.version ?? 0,
    allBad: false,
    timeOnTaskMs: 1000,
    placements: task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: tiers[i] })),
    ...(comment && { remarks: { comment, tags: [], marks: [] } }),
  });
  expect(answer.status).toBe(201);
}

/** The ids of the next prompts by name. */
export async function promptIds({ annotator, project }: Workplace): Promise<Record<string, string>> {
  const { body } = await annotator.ask<{ tasks: Task[] }>('GET', `${project}/tasks/next?count=10`);
  return Object.fromEntries(body.tasks.map((task) => [task.externalId, task.promptId]));
}

/** The expected result of `stored` after prompts `from` to `to` were judged once each. */
export function expectedOf(from: number, to: number): Record<string, Stored> {
  const found: Record<string, Stored> = {};
  for (let n = from; n < to; n++) found[`prompt-${n}`] = { version: 1, tiers: tiersOf(n) };
  return found;
}

function tiersIn(task: Task, content: { placements: { responseId: string; tier: number | null }[] } | null) {
  const tiers = new Map(content?.placements.map(({ responseId, tier }) => [responseId, tier]));
  return task.responses.map(({ id }) => tiers.get(id) ?? null);
}
