/** A project as a team has it after a while: the demo, annotated in part, with a snapshot and a finished run. */
import { expect, type Page } from '@playwright/test';
import { PASSWORD } from './people';
import type { TestServer } from './server';

interface Task {
  promptId: string;
  responses: { id: string }[];
}

/** Every page of the app by name, with its path. */
export type DemoPages = Record<string, string>;

/** Signs the page in as the first administrator. */
export async function signUpAdministrator(page: Page, server: TestServer): Promise<void> {
  await page.goto(server.setupUrl);
  await page.getByLabel('Name').fill('Ada Admin');
  await page.getByLabel('E-mail').fill('ada@example.org');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create administrator' }).click();
}

/** From the first start to a finished run; the page ends on the run. @returns the pages to look at. */
export async function makeDemoProject(page: Page, server: TestServer, { annotated = 12, epochs = '2' } = {}) {
  await signUpAdministrator(page, server);
  await page.getByRole('button', { name: 'Load the demo' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /premise and hypothesis/i })).toBeVisible();
  const project = new URL(page.url()).pathname;
  const task = await annotate(page, project, annotated);

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
    work: `${project}/work`,
    settings: `${project}/settings`,
    import: `${project}/import`,
    sample: `${project}/sample`,
    snapshots: `${project}/snapshots`,
    train: `${project}/train`,
    runs: `${project}/runs`,
    run,
    models: '/models',
    people: '/people',
    account: '/account',
  } satisfies DemoPages;
}

/** Stores `count` annotations through the API of the signed-in page. @returns the last task. */
export async function annotate(page: Page, project: string, count: number): Promise<Task> {
  return page.evaluate(
    async ({ api, count }) => {
      let last: Task | undefined;
      for (let n = 0; n < count; n++) {
        const page = await (await fetch(`${api}/tasks/next?count=1`)).json();
        const task = page.tasks[0] as Task;
        const placements = task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: (i + n) % 4 }));
        const saved = await fetch(`${api}/annotations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            promptId: task.promptId,
            idempotencyKey: crypto.randomUUID(),
            baseVersion: 0,
            allBad: false,
            timeOnTaskMs: 20_000,
            placements,
          }),
        });
        if (!saved.ok) throw new Error(await saved.text());
        last = task;
      }
      if (!last) throw new Error('There was no task.');
      return last;
    },
    { api: `/api${project}`, count },
  );
}
