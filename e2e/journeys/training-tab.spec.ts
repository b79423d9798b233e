/** A training as the person who started it meets it: on other pages, stopped early, and with its tab gone. */
import { expect, type Page, test } from '@playwright/test';
import { annotate, loadDemo, signUpAdministrator } from '../demo-project';
import { startServer, type TestServer } from '../server';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
let page: Page;
let project = '';
test.beforeAll(async ({ browser }) => {
  server = await startServer();
  page = await (await browser.newContext()).newPage();
  const admin = await signUpAdministrator(page, server);
  project = await loadDemo(admin);
  await annotate(admin, project, 12);
  await page.goto(`${server.url}${project}/snapshots`);
  await page.getByRole('button', { name: 'Create snapshot' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^Fill up: human, then right label/ }).check();
  await dialog.getByRole('button', { name: 'Create snapshot' }).click();
  await expect(page.getByRole('link', { name: /Train on this/ })).toBeVisible();
});
test.afterAll(async () => {
  await page?.context().close();
  await server?.stop();
});

/** Starts a run too long to end by itself. */
async function startLongRun() {
  await page.goto(`${server.url}${project}/train`);
  await page.getByLabel('Epochs').fill('200');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('Training in this tab')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('progressbar', { name: 'Training' })).toBeVisible({ timeout: 120_000 });
}

test('other pages say that this tab trains, and lead back', async () => {
  await startLongRun();
  const run = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Guidelines' }).click();
  const training = page.getByRole('banner').getByRole('link', { name: /^Training \d+\s%$/ });
  await training.click();
  await expect(page).toHaveURL(server.url + run);
  await expect(training).toHaveCount(0);
});

test('a tab that is reloaded has lost its worker, says so at once and offers to resume', async () => {
  await expect(page.getByText(/^Step [1-9]\d* of/)).toBeVisible({ timeout: 60_000 });
  page.once('dialog', (dialog) => dialog.accept());
  await page.reload();
  // The server still waits for the next report: it would say "running" for a minute.
  const status = await page.evaluate(async (path) => {
    const answer = await fetch(`/api/runs/${path.split('/').at(-1)}`);
    return (await answer.json()).run.status as string;
  }, new URL(page.url()).pathname);
  expect(status).toBe('running');
  await expect(page.getByText('This run was interrupted')).toBeVisible();
  await expect(page.getByText('Training in another tab')).toHaveCount(0);
  await page
    .getByRole('button', { name: /^(Resume|Start again)$/ })
    .first()
    .click();
  await expect(page.getByText('Training in this tab')).toBeVisible();
});

test('a second tab does not call a run lost that the first one trains', async () => {
  const second = await page.context().newPage();
  await second.goto(page.url());
  // The first tab takes every core that there is.
  await expect(second.getByText('Training in another tab')).toBeVisible({ timeout: 60_000 });
  await second.waitForTimeout(2_500);
  await expect(second.getByText('Training in another tab')).toBeVisible();
  await second.close();
});

test('a stopped run names one accuracy and says how long it took', async () => {
  await expect(page.getByText(/^Step [1-9]\d* of/)).toBeVisible({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Stop training' }).click();
  await expect(page.getByText('Stopped', { exact: true })).toBeVisible({ timeout: 120_000 });
  const after = await page.getByTestId('held-out-after').textContent();
  const share = /^[\d.]+\s%/.exec(after ?? '')![0];
  const curve = page.getByRole('figure').filter({ hasText: 'Held-out pairwise accuracy' });
  await expect(curve).toContainText(new RegExp(`${share.replace('.', '\\.').replace(/\s/, '\\s')}\\s*latest`));
  await expect(page.locator('dl').filter({ hasText: 'Start to end' })).toContainText(/\d+ (sec|min)/);
});
