/** A project in use: the demo, partly annotated, with a snapshot and a finished run. */
import { expect, type Page } from '@playwright/test';
import { join, type Person, signInAs } from './people';
import type { TestServer } from './server';

interface Task {
  promptId: string;
  responses: { id: string }[];
}

/** Every page of the app by name, with its path. */
export type DemoPages = Record<string, string>;

/** Makes the first administrator, who is signed in on the page; whole-loop.spec.ts does it as people do. */
export async function signUpAdministrator(page: Page, server: TestServer): Promise<Person> {
  const ada = await join(server, server.setupUrl, 'Ada Admin');
  await signInAs(page.context(), server, ada);
  return ada;
}

/** @returns the path of the demo's first project, of premises and hypotheses. */
export async function loadDemo(admin: Person): Promise<string> {
  const { status, body } = await admin.ask<{ projectIds: string[] }>('POST', '/demo');
  expect(status, JSON.stringify(body)).toBe(200);
  return `/projects/${body.projectIds[0]}`;
}

/** From the first start to a finished run; the page ends on the run. @returns the pages to look at. */
export async function makeDemoProject(page: Page, server: TestServer, { annotated = 12, epochs = '2' } = {}) {
  const admin = await signUpAdministrator(page, server);
  const project = await loadDemo(admin);
  const task = await annotate(admin, project, annotated);

  await page.goto(`${server.url}${project}/snapshots`);
  await page.getByRole('button', { name: 'Create snapshot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Fill up: human, then right label/ }).check();
  await dialog.getByRole('button', { name: 'Create snapshot' }).click();
  await page.getByRole('link', { name: /Train on this/ }).click();
  await page.getByLabel('Epochs').fill(epochs);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 300_000 });
  const run = new URL(page.url()).pathname;

  return {
    home: '/',
    project,
    board: `${project}/annotate`,
    'my-work': `${project}/annotate/mine`,
    edit: `${project}/annotate/mine/${task.promptId}`,
    guidelines: `${project}/guidelines`,
    prompts: `${project}/prompts`,
    work: `${project}/work`,
    prompt: `${project}/prompts/${task.promptId}`,
    adjudicate: `${project}/adjudicate`,
    decide: `${project}/adjudicate/${task.promptId}`,
    progress: `${project}/progress`,
    agreement: `${project}/agreement`,
    ledger: `${project}/agreement/ledger`,
    settings: `${project}/settings`,
    import: `${project}/import`,
    sample: `${project}/sample`,
    snapshots: `${project}/snapshots`,
    train: `${project}/train`,
    runs: `${project}/runs`,
    run,
    models: '/models',
    people: '/people',
    audit: '/people/audit',
    account: '/account',
    'api-reference': '/api-reference',
  } satisfies DemoPages;
}

/** Stores `count` annotations of that person. @returns the last task. */
export async function annotate(person: Person, project: string, count: number): Promise<Task> {
  let last: Task | undefined;
  for (let n = 0; n < count; n++) {
    const { body } = await person.ask<{ tasks: Task[] }>('GET', `${project}/tasks/next?count=1`);
    const task = body.tasks[0];
    if (!task) throw new Error(`There was no task for annotation ${n + 1} of ${count}.`);
    const saved = await person.ask('POST', `${project}/annotations`, {
      promptId: task.promptId,
      idempotencyKey: crypto.randomUUID(),
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 20_000,
      placements: task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: (i + n) % 4 })),
    });
    expect(saved.status, JSON.stringify(saved.body)).toBe(201);
    last = task;
  }
  if (!last) throw new Error('There was no task.');
  return last;
}
