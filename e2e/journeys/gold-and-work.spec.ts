/** A researcher's own answer becomes gold; an annotator practises on it; the page of the work tells how that went. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { judge, newProject, promptHeading, promptIds, signIn, startWorkplace, unplaced } from '../annotating';

/** On the page's own clock, and below what counts as having left. */
const READING_MS = 55_000;

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(async () => {
  await server.stop();
});

test('a gold prompt comes first, is explained after Enter, and shows in the work', async ({ browser }) => {
  const work = await newProject(server, 3);
  const ids = await promptIds(work);
  const { admin } = server;
  const task = await admin.ask<{ responses: { id: string; text: string }[] }>(
    'GET',
    `${work.project}/tasks/${ids['prompt-2']}`,
  );
  const saved = await admin.ask('POST', `${work.project}/annotations`, {
    promptId: ids['prompt-2'],
    idempotencyKey: crypto.randomUUID(),
    baseVersion: 0,
    allBad: false,
    timeOnTaskMs: 60_000,
    placements: task.body.responses.map(({ id, text }) => ({
      responseId: id,
      state: 'placed',
      tier: text.includes('4') ? 3 : 0,
    })),
  });
  expect(saved.status).toBe(201);

  const researcher = await browser.newContext();
  await signIn(researcher, { ...work, annotator: admin });
  const office = await researcher.newPage();
  await office.goto(`${work.board}/mine/${ids['prompt-2']}`);
  await office.getByText('Use my answer as gold').click();
  await office.getByLabel('Why these tiers?').fill('Counting goes up by one.');
  await office.getByRole('button', { name: 'Use as gold' }).click();
  await expect(office.getByText('This is a gold prompt')).toBeVisible();
  await office.goto(`${server.url}${work.project}/work`);
  await office.getByLabel('Start with').fill('1');
  await office.getByRole('button', { name: 'Save' }).click();
  await expect(office.getByText('Saved')).toBeVisible();
  // A refusal right after it: the success must not stay beside it as if both were of one act.
  await office.route('**/api/projects/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  );
  await office.getByRole('button', { name: 'Save' }).click();
  await expect(office.getByText('The server did not answer', { exact: false })).toBeVisible();
  await expect(office.getByText('Saved')).toHaveCount(0, { timeout: 1_000 });
  await office.unroute('**/api/projects/*');

  const context = await browser.newContext();
  await signIn(context, work);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(work.board);
  await expect(promptHeading(page)).toHaveText('Prompt prompt-2');
  await unplaced(page).first().focus();
  for (const key of ['1', '1', '1']) await page.keyboard.press(key);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Practice: prompt-2' });
  await expect(dialog).toContainText('1 of 3 pairs as expected. 2 tied in one answer and ordered in the other.');
  await expect(dialog).toContainText('Counting goes up by one.');
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/gold.png` });
  // Reading it is not work on the next prompt, which stands behind it. The control: no `useInterruption`.
  await page.clock.fastForward(READING_MS);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const next = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/annotations'));
  await judge(page, 0);
  expect((await next).postDataJSON().timeOnTaskMs).toBeLessThan(READING_MS);

  await office.reload();
  await expect(office.getByRole('row', { name: /annotator\d+/ })).toContainText('33 % on 1 prompt');
  expect((await new AxeBuilder({ page: office }).analyze()).violations.map(({ id }) => id)).toEqual([]);
  await office.setViewportSize({ width: 390, height: 800 });
  expect(await office.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (process.env.SHOTS) {
    await office.screenshot({ path: `${process.env.SHOTS}/work-390.png`, fullPage: true });
    await office.setViewportSize({ width: 1440, height: 900 });
    await office.emulateMedia({ colorScheme: 'dark' });
    await office.screenshot({ path: `${process.env.SHOTS}/work-1440.png`, fullPage: true });
  }
  await researcher.close();
  await context.close();
});
