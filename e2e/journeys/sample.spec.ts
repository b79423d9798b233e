/** A model writes new responses in the browser; they are looked at, stored, and asked about. */
import { expect, type Page, test } from '@playwright/test';
import { annotate, loadDemo, signUpAdministrator } from '../demo-project';
import { startServer, type TestServer } from '../server';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server?.stop();
});

const responsesOf = (page: Page, project: string, index: number) =>
  page.evaluate(
    async ({ project, index }) => (await (await fetch(`/api${project}/prompts`)).json()).prompts[index].responses,
    { project, index },
  );

test('sampled responses are seen before they are stored, and bring judged prompts back', async ({ page }) => {
  test.setTimeout(120_000);
  const admin = await signUpAdministrator(page, server);
  const project = await loadDemo(admin);
  await annotate(admin, project, 1);
  await page.goto(server.url + project);
  const before = await responsesOf(page, project, 0);

  await page.getByRole('link', { name: 'Sample', exact: true }).click();
  await page.getByLabel('Responses per prompt').fill('13');
  await expect(page.getByText('A whole number from 1 to 12.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sample responses' })).toBeDisabled();
  await page.getByLabel('Responses per prompt').fill('3');
  await page.getByLabel('Number of prompts').fill('2');
  await page.getByRole('button', { name: 'Sample responses' }).click();

  const boxes = page.getByRole('list', { name: 'Sampled responses' }).getByRole('checkbox');
  // A model writes them, on as many threads as there are cores to share.
  await expect(boxes).toHaveCount(6, { timeout: 60_000 });
  await boxes.first().uncheck();
  expect(await responsesOf(page, project, 0)).toEqual(before);
  // Elsewhere and back: the list waits.
  await page.getByRole('link', { name: 'Snapshots' }).click();
  await page.getByRole('link', { name: 'Sample', exact: true }).click();
  await expect(boxes.first()).not.toBeChecked();
  await page.getByRole('button', { name: 'Add 5 responses to 2 prompts' }).click();
  await expect(page.getByText('5 responses added to 2 prompts.')).toBeVisible();
  expect((await responsesOf(page, project, 0)).length).toBe(before.length + 2);

  await page.getByRole('link', { name: 'Annotate', exact: true }).last().click();
  await expect(page.getByText('New responses were added since you judged this prompt.')).toBeVisible();
  await expect(page.getByText('0 of 54', { exact: true })).toBeVisible();
});
