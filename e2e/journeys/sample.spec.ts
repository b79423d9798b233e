/** A model writes new responses in the browser; they are looked at, stored, and asked about. */
import { expect, type Page, test } from '@playwright/test';
import { annotate, signUpAdministrator } from '../demo-project';
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
  await signUpAdministrator(page, server);
  await page.getByRole('button', { name: 'Load the demo' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /premise and hypothesis/i })).toBeVisible();
  const project = new URL(page.url()).pathname;
  await annotate(page, project, 1);
  const before = await responsesOf(page, project, 0);

  await page.getByRole('link', { name: 'Sample', exact: true }).click();
  await page.getByLabel('Responses per prompt').fill('13');
  await expect(page.getByText('A whole number from 1 to 12.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sample responses' })).toBeDisabled();
  await page.getByLabel('Responses per prompt').fill('3');
  await page.getByLabel('Only the first').fill('2');
  await page.getByRole('button', { name: 'Sample responses' }).click();

  const boxes = page.getByRole('list', { name: 'Sampled responses' }).getByRole('checkbox');
  await expect(boxes).toHaveCount(6);
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
