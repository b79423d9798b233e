/** Two annotators a prompt: a third is given none, until a lease ends; and what comes late is saved. */
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { PGlite } from '@electric-sql/pglite';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { judge, newProject, place, promptHeading, saveStatus, signIn, startWorkplace } from '../annotating';
import { invite, type Person } from '../people';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

/** Lets the time of all leases pass, while the server is down. */
async function endLeases(): Promise<void> {
  await server.kill9();
  const database = await PGlite.create(join(server.dataDir, 'database'));
  await database.query(
    `update assignments set leased_until = now() - interval '1 second' where leased_until is not null`,
  );
  await database.close();
  await server.restart();
}

test('the third annotator gets a prompt only when somebody gives a place back', async ({ browser }) => {
  const work = await newProject(server, 1);
  const third = await invite(server, server.admin, 'third', 'annotator', work.projectId);
  const second = await invite(server, server.admin, 'second', 'annotator', work.projectId);
  const office = await pageOf(browser, server.admin);
  await office.goto(`${server.url}${work.project}/settings`);
  await office.getByLabel('Annotators per prompt', { exact: true }).fill('0');
  await office.getByRole('button', { name: 'Save handing out' }).click();
  await expect(office.getByText('Enter a whole number from 1 to 50.')).toBeVisible();
  await office.getByLabel('Annotators per prompt', { exact: true }).fill('2');
  await office.getByRole('button', { name: 'Save handing out' }).click();
  await expect(office.getByText('Handing out of prompts saved.')).toBeVisible();
  await looksRight(office, 'settings');

  const boards = { first: await pageOf(browser, work.annotator), second: await pageOf(browser, second) };
  for (const board of Object.values(boards)) {
    await board.goto(work.board);
    await expect(promptHeading(board)).toHaveText('Prompt prompt-0');
  }
  const outside = await pageOf(browser, third);
  await outside.goto(work.board);
  await expect(outside.getByText('Nothing to annotate right now')).toBeVisible();
  await judge(boards.first, 0);
  await expect(saveStatus(boards.first)).toHaveText('Saved');
  await outside.reload();
  await expect(outside.getByText('Nothing to annotate right now')).toBeVisible();

  await office.goto(`${server.url}${work.project}/work`);
  const row = office.getByRole('row', { name: /prompt-0/ });
  await expect(row).toContainText('second');
  await looksRight(office, 'work');

  // The second one has placed everything and saved nothing when the lease ends.
  await place(boards.second, 0);
  await endLeases();
  await outside.reload();
  await judge(outside, 0);
  await expect(saveStatus(outside)).toHaveText('Saved');
  await boards.second.keyboard.press('Enter');
  await expect(saveStatus(boards.second)).toHaveText('Saved');
  await office.reload();
  await expect(office.getByText('1 annotation was saved after the prompt already had enough annotators')).toBeVisible();
  await expect(office.getByText('No prompt is reserved for anyone.')).toBeVisible();
});

test('a prompt is closed before its last annotator when its consensus is certain enough', async ({ browser }) => {
  const work = await newProject(server, 1);
  const second = await invite(server, server.admin, 'agreeing', 'annotator', work.projectId);
  const third = await invite(server, server.admin, 'spared', 'annotator', work.projectId);
  const office = await pageOf(browser, server.admin);
  await office.goto(`${server.url}${work.project}/settings`);
  await office.getByLabel('Annotators per prompt', { exact: true }).fill('3');
  await office.getByLabel('At least, if certain').fill('4');
  await office.getByRole('button', { name: 'Save handing out' }).click();
  await expect(office.getByText('Enter a whole number from 1 to 3.')).toBeVisible();
  await office.getByLabel('At least, if certain').fill('2');
  await expect(office.getByRole('combobox', { name: 'Order', exact: true })).toHaveValue('least_certain');
  await office.getByLabel('Certain enough at (%)').fill('50');
  await office.getByRole('button', { name: 'Save handing out' }).click();
  await expect(office.getByText('Handing out of prompts saved.')).toBeVisible();
  await looksRight(office, 'settings-adaptive');

  for (const annotator of [work.annotator, second]) {
    const board = await pageOf(browser, annotator);
    await board.goto(work.board);
    await judge(board, 0);
    await expect(saveStatus(board)).toHaveText('Saved');
  }
  const outside = await pageOf(browser, third);
  await outside.goto(work.board);
  await expect(outside.getByText('Nothing to annotate right now')).toBeVisible();
  await office.goto(`${server.url}${work.project}/prompts`);
  await expect(office.getByText(/closed after 2 of at most 3: \d+\s?% sure/)).toBeVisible();
  await looksRight(office, 'prompts-adaptive');
});

async function pageOf(browser: Browser, annotator: Person): Promise<Page> {
  const context = await browser.newContext();
  await signIn(context, { server, annotator, projectId: '', project: '', board: '' });
  return context.newPage();
}

async function looksRight(page: Page, name: string): Promise<void> {
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-390.png`, fullPage: true });
  await page.setViewportSize({ width: 1280, height: 800 });
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}-1280.png`, fullPage: true });
}
