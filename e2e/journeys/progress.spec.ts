/** People judge; a researcher sees how far they are, how they work and what it costs, and looks into the ledger of pairs. */
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { invite, join, type Person, promptLines, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

const PROMPTS = 24;
let server: TestServer;
let researcher: Person;
let bob: Person;
let project: string;

/** Judges prompts by the place of their responses on the board: `tierAt` gets the place, 0 first, and the prompt's number. */
async function judge(person: Person, count: number, tierAt: (at: number, prompt: number) => number): Promise<void> {
  for (let done = 0; done < count; ) {
    const { body } = await person.ask<{ tasks: { promptId: string; responses: { id: string }[] }[] }>(
      'GET',
      `${project}/tasks/next?count=10`,
    );
    if (body.tasks.length === 0) throw new Error('There was nothing left to judge.');
    for (const { promptId, responses } of body.tasks.slice(0, count - done)) {
      const saved = await person.ask('POST', `${project}/annotations`, {
        promptId,
        baseVersion: 0,
        idempotencyKey: crypto.randomUUID(),
        placements: responses.map(({ id }, at) => ({ responseId: id, state: 'placed', tier: tierAt(at, done) })),
        allBad: false,
        timeOnTaskMs: 30_000,
      });
      expect(saved.status, JSON.stringify(saved.body)).toBeLessThan(300);
      done++;
    }
  }
}

test.beforeAll(async () => {
  server = await startServer();
  researcher = await join(server, server.setupUrl, 'Ada');
  const { body } = await researcher.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
  project = `/projects/${body.project.id}`;
  await researcher.ask('POST', `${project}/import`, undefined, { text: promptLines(PROMPTS) });
  bob = await invite(server, researcher, 'Bob', 'annotator', body.project.id);
  const cleo = await invite(server, researcher, 'Cleo', 'annotator', body.project.id);
  // Bob takes whatever comes first; Cleo takes every place in turn.
  await judge(bob, PROMPTS, (at) => (at === 0 ? 0 : 2));
  await judge(cleo, 21, (at, prompt) => (at + prompt) % 3);
});
test.afterAll(() => server?.stop());

async function open(page: Page, path: 'progress' | 'agreement/ledger'): Promise<void> {
  await signInAs(page.context(), server, researcher);
  await page.goto(`${server.url}${project}/${path}`);
  const table = path === 'progress' ? 'Does the first response on the board win too often?' : 'Ledger of pairs';
  await expect(page.getByRole('table', { name: table })).toBeVisible();
}

test('progress, bias, time and cost', async ({ page }) => {
  await open(page, 'progress');
  await expect(page.getByRole('progressbar', { name: 'Judgements', exact: true })).toHaveAttribute(
    'aria-valuenow',
    '24',
  );
  await expect(page.getByText('Everything that was asked for is done.')).toBeVisible();
  const bias = page.getByRole('table', { name: 'Does the first response on the board win too often?' });
  await expect(bias.getByRole('row', { name: /^Bob/ })).toContainText('More than half');
  await expect(bias.getByRole('row', { name: /^Cleo/ })).toContainText('Nothing unusual');
  await expect(page.getByText('Half of all prompts take less than 30 sec.')).toBeVisible();

  await page.getByLabel('Wage per hour').fill('12,5');
  // 45 judgements of half a minute.
  await expect(page.getByText('4.69')).toBeVisible();
  await page.getByLabel('Wage per hour').fill('much');
  await expect(page.getByText('A number from 0.')).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download position-bias as CSV' }).click();
  const rows = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(rows.find((row) => row.startsWith('Bob'))).toBe('Bob,1,1,1,24');
  expect((await bob.ask('GET', `${project}/progress`)).status).toBe(403);
});

test('the ledger, by reason and as a file; not for annotators', async ({ page }) => {
  await open(page, 'agreement/ledger');
  const ledger = page.getByRole('table', { name: 'Ledger of pairs' });
  await expect(ledger.getByRole('link').first()).toBeVisible();
  await page.getByLabel('What became of it').selectOption('contradicted');
  await expect(ledger.getByRole('row').filter({ hasText: 'Contradicted' }).first()).toContainText(/Bob|Cleo/);
  await expect(ledger.getByText('Kept', { exact: true })).toHaveCount(0);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export CSV' }).click();
  const rows = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  expect(rows[0]).toMatch(/^prompt,better,worse,outcome/);
  expect(rows.slice(1).every((row) => row.includes(',contradicted,'))).toBe(true);
  await page.getByLabel('What became of it').selectOption('cycle');
  await expect(page.getByText('No such pairs here')).toBeVisible();
  expect((await bob.ask('GET', `${project}/agreement/ledger`)).status).toBe(403);
});

test('nothing is cut off and nothing inaccessible, light and dark, in three widths', async ({ page }) => {
  for (const path of ['progress', 'agreement/ledger'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const width of [390, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await open(page, path);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect
          .soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`))
          .toEqual([]);
        expect
          .soft(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
          .toBeLessThanOrEqual(0);
        const name = path.replaceAll('/', '-');
        if (process.env.SHOTS)
          await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
  }
});
