/** What the page says when this browser or this session cannot do its part; and that nothing is lost meanwhile. */
import { expect, test } from '@playwright/test';
import {
  expectedOf,
  judge,
  newProject,
  promptHeading,
  saveStatus,
  signIn,
  startWorkplace,
  stored,
} from '../annotating';
import { invite, PASSWORD } from '../people';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(async () => {
  await server.stop();
});

test('a full disk is said, work goes on, and it is kept again as soon as there is room', async ({ context }) => {
  const work = await newProject(server, 6);
  await signIn(context, work);
  const page = await context.newPage();
  const browser = await context.newCDPSession(page);
  await browser.send('Storage.overrideQuotaForOrigin', { origin: server.url, quotaSize: 1 });
  await page.route('**/annotations', (route) => route.abort());
  await page.goto(work.board);
  await judge(page, 0);
  await expect(saveStatus(page)).toHaveText(/1 waiting to be sent, kept only on this page$/);
  const full = page.getByText(/storage is full, so it cannot keep a copy/);
  await expect(full).toBeVisible();
  // The control: with room, the same step says nothing of the kind, and both are kept.
  await browser.send('Storage.overrideQuotaForOrigin', { origin: server.url });
  await judge(page, 1);
  await expect(saveStatus(page)).toHaveText(/2 waiting to be sent, kept in this browser$/);
  await expect(full).toBeHidden();
  await page.unroute('**/annotations');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(saveStatus(page)).toHaveText('Saved');
  expect(await stored(work)).toEqual(expectedOf(0, 2));
  await page.close();
});

test('signed out under the work: a link to sign in again in a new tab, and everything is sent after it', async ({
  context,
}) => {
  const work = await newProject(server, 5);
  const stranger = await invite(server, server.admin, 'stranger', 'annotator', work.projectId);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await judge(page, 0);
  await expect(saveStatus(page)).toHaveText('Saved');
  await context.clearCookies();
  await judge(page, 1);
  await judge(page, 2);
  await expect(saveStatus(page)).toHaveText('Signed out: 2 waiting to be sent, kept in this browser');

  // Somebody else signs in to this browser: the work is not sent in that name.
  await signIn(context, { ...work, annotator: stranger });
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText(/Someone else is signed in to this browser now/)).toBeVisible();
  expect(await stored({ ...work, annotator: stranger })).toEqual({});

  await context.clearCookies();
  const [tab] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Sign in again in a new tab' }).click(),
  ]);
  await tab.getByLabel('E-mail').fill(work.annotator.email);
  await tab.getByLabel('Password').fill(PASSWORD);
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await expect(tab.getByRole('link', { name: 'Projects' })).toBeVisible();
  await tab.close();
  await page.bringToFront();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(saveStatus(page)).toHaveText('Saved');
  await expect(promptHeading(page)).toHaveText('Prompt prompt-3');
  expect(await stored(work)).toEqual(expectedOf(0, 3));
  await page.close();
});

test('what an earlier version of the app left in localStorage is taken over and sent', async ({ context }) => {
  const work = await newProject(server, 3);
  await signIn(context, work);
  const { body } = await work.annotator.ask<{ tasks: { promptId: string; responses: { id: string }[] }[] }>(
    'GET',
    `${work.project}/tasks/next?count=1`,
  );
  const task = body.tasks[0]!;
  const old = {
    status: 'sending',
    label: 'prompt-0',
    message: null,
    request: {
      promptId: task.promptId,
      idempotencyKey: 'left-by-an-earlier-version',
      baseVersion: 0,
      allBad: false,
      timeOnTaskMs: 1,
      placements: task.responses.map(({ id }, i) => ({ responseId: id, state: 'placed', tier: i })),
    },
  };
  const page = await context.newPage();
  await page.goto(`${server.url}/api/me`);
  const name = `rescue-outbox:${work.annotator.id}:${work.projectId}`;
  await page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [name, JSON.stringify([old])]);
  await page.goto(work.board);
  await expect(saveStatus(page)).toHaveText('Saved');
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  expect(await stored(work)).toEqual(expectedOf(0, 1));
  expect(await page.evaluate((key) => localStorage.getItem(key), name)).toBeNull();
  await page.close();
});
