/** A project is renamed, restored, copied, archived and deleted; nothing that an annotator did meanwhile is lost. */
import { expect, test } from '@playwright/test';
import { judge, newProject, saveStatus, signIn, startWorkplace, stored } from '../annotating';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

test('a project is renamed, and an earlier version of its settings is restored', async ({ context }) => {
  const work = await newProject(server, 1);
  await signIn(context, { ...work, annotator: server.admin });
  const page = await context.newPage();
  await page.goto(`${server.url}${work.project}/settings`);
  const before = await page.getByLabel('Name', { exact: true }).inputValue();
  await page.getByLabel('Name', { exact: true }).fill('A better name');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByText('Name and description saved')).toBeVisible();
  await expect(page.getByText(`Name: ${before} → A better name`)).toBeVisible();
  await page.getByRole('button', { name: 'Restore version 1' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore version 1' });
  await expect(dialog).toContainText(`Name: A better name → ${before}`);
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText('Settings restored')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(before);
  await expect(page.getByText('Version 3')).toBeVisible();
  await page.close();
});

test('what is judged while a project is archived waits in the browser and arrives afterwards', async ({ context }) => {
  const work = await newProject(server, 2);
  await signIn(context, work);
  const board = await context.newPage();
  await board.goto(work.board);
  await judge(board, 0);
  await expect(saveStatus(board)).toHaveText('Saved');

  const managing = await context.browser()!.newContext();
  await signIn(managing, { ...work, annotator: server.admin });
  const settings = await managing.newPage();
  await settings.goto(`${server.url}${work.project}/settings`);
  await settings.getByRole('button', { name: 'Archive project' }).click();
  await expect(settings.getByText('This project is archived. You can look at everything')).toBeVisible();

  await judge(board, 1);
  await expect(saveStatus(board)).toContainText('The project is archived');
  expect(Object.keys(await stored(work))).toHaveLength(1);

  await settings.goto(server.url);
  const card = settings.locator(`a[href="${work.project}"]`);
  await expect(settings.getByRole('checkbox', { name: /^Show archived projects/ })).toBeVisible();
  await expect(card).toHaveCount(0);
  await settings.getByRole('checkbox', { name: /^Show archived projects/ }).check();
  await card.click();
  await settings.getByRole('link', { name: 'Settings' }).click();
  await settings.getByRole('button', { name: 'Take out of the archive' }).click();
  await expect(settings.getByText('Project is out of the archive')).toBeVisible();

  await board.getByRole('button', { name: 'Retry' }).click();
  await expect(saveStatus(board)).toHaveText('Saved');
  expect(Object.keys(await stored(work))).toHaveLength(2);
  await managing.close();
  await board.close();
});

test('a copy has the prompts and nobody’s work; the original is deleted by its name', async ({ context }) => {
  const work = await newProject(server, 2);
  await signIn(context, { ...work, annotator: server.admin });
  const page = await context.newPage();
  await page.goto(`${server.url}${work.project}/settings`);
  const name = await page.getByLabel('Name', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'Copy project…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the copy').fill('The copy');
  await dialog.getByRole('radio', { name: /^Settings, prompts and responses/ }).check();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The copy' })).toBeVisible();

  await page.goto(`${server.url}${work.project}/settings`);
  await page.getByRole('button', { name: 'Delete project…' }).click();
  await expect(dialog.getByRole('link', { name: 'Export annotations first' })).toBeVisible();
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel('Type the project’s name to confirm').fill(name);
  await confirm.click();
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(page.getByText('The copy')).toBeVisible();
  await expect(page.locator(`a[href="${work.project}"]`)).toHaveCount(0);
  expect((await server.admin.ask('GET', work.project)).status).toBe(404);
  await page.close();
});
