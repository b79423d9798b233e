/**
 * A network that is slow or gone, and an annotator who works on. Controls: IndexedDB is taken away (so that what waits
 * lives in the page alone), or every try gets another idempotency key; each time the same check must find the harm.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import {
  expectedOf,
  judge,
  newProject,
  place,
  promptHeading,
  saveStatus,
  signIn,
  startWorkplace,
  stored,
  storedDrafts,
  storedMarks,
  tiersOf,
  unplaced,
  type Workplace,
} from '../annotating';
import { newKeyEachTry, withoutIndexedDb } from './controls';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(async () => {
  await server.stop();
});

async function openBoard(context: BrowserContext, prompts: number): Promise<{ page: Page; work: Workplace }> {
  const work = await newProject(server, prompts);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await expect(promptHeading(page)).toBeVisible();
  return { page, work };
}

/** Lets saves wait until `release` lets them go, or `drop` has them fail, as all later ones then do. */
async function holdSaves(page: Page): Promise<{ held: () => number; release: () => void; drop: () => void }> {
  let decide = (_: 'send' | 'drop') => {};
  const gate = new Promise<'send' | 'drop'>((resolve) => {
    decide = resolve;
  });
  let held = 0;
  await page.route('**/annotations', async (route) => {
    held += 1;
    const fate = await gate;
    // The page may be gone by now, and its request with it.
    await (fate === 'send' ? route.continue() : route.abort()).catch(() => undefined);
  });
  return { held: () => held, release: () => decide('send'), drop: () => decide('drop') };
}

test('a save held for 5 s, edited meanwhile and left: the newest tiers are stored, on top of the first', async ({
  context,
}) => {
  const { page, work } = await openBoard(context, 3);
  const { held, release } = await holdSaves(page);
  await judge(page, 0);
  await expect.poll(held).toBe(1);
  await expect(saveStatus(page)).toHaveText('Saving…');
  // Edited while the first version is under way: the page shows what waits, not what the server has.
  const { promptId } = await page.evaluate(async () => {
    const opened = indexedDB.open('rescue-studio');
    const database = await new Promise<IDBDatabase>((done) => {
      opened.onsuccess = () => done(opened.result);
    });
    const all = database.transaction('outbox').objectStore('outbox').getAll();
    const items = await new Promise<{ request: { promptId: string } }[]>((done) => {
      all.onsuccess = () => done(all.result);
    });
    return items[0]!.request;
  });
  await page.getByRole('link', { name: 'Your work' }).click();
  await page.goto(`${work.board}/mine/${promptId}`);
  await expect(page.getByText('You are editing a version that has not been sent yet.')).toBeVisible();
  await expect(unplaced(page)).toHaveCount(0);
  await page
    .getByRole('group', { name: /^Response / })
    .first()
    .focus();
  await page.keyboard.press('4');
  await page.keyboard.press('Enter');
  await expect(saveStatus(page)).toHaveText(/^2 waiting to be sent, kept in this browser$/);
  await page.waitForTimeout(5_000);
  // And left, with both still under way.
  release();
  await page.close();
  const later = await context.newPage();
  await later.goto(work.board);
  await expect(saveStatus(later)).toHaveText('Saved');
  const found = (await stored(work))['prompt-0']!;
  expect(found.version).toBe(2);
  expect(found.tiers).not.toEqual(tiersOf(0));
  expect([...found.tiers].sort()).toEqual([...tiersOf(0).filter((tier) => tier !== tiersOf(0).sort()[0]), 3].sort());
  await later.close();
});

test('control: without IndexedDB the same page loses the held save when it is left, and warns of it', async ({
  context,
}) => {
  await withoutIndexedDb(context);
  const { page, work } = await openBoard(context, 3);
  const { held, drop } = await holdSaves(page);
  await judge(page, 0);
  await expect.poll(held).toBe(1);
  await expect(page.getByText(/does not let this site keep a copy.*Keep this page open/)).toBeVisible();
  // A page that closes lets go of what is held, and it would arrive after all: so it fails first. Offline, no try follows.
  await context.setOffline(true);
  const failed = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/annotations'));
  drop();
  await failed;
  await page.close();
  expect(await stored(work)).toEqual({});
});

test('the list of one’s own work shows a save as soon as the server has it, though it was opened before', async ({
  context,
}) => {
  const { page } = await openBoard(context, 2);
  const { held, release } = await holdSaves(page);
  await judge(page, 0);
  await expect.poll(held).toBe(1);
  await page.getByRole('link', { name: 'Your work' }).click();
  await expect(page.getByText('Nothing saved yet')).toBeVisible();
  release();
  await expect(page.getByRole('link', { name: /prompt-0/ })).toBeVisible();
  await page.close();
});

test('20 prompts offline, then online: all are sent, once each, in order', async ({ context }) => {
  const { page, work } = await openBoard(context, 24);
  const order: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/annotations')) {
      order.push(JSON.parse(request.postData() ?? '{}').idempotencyKey);
    }
  });
  await page.waitForTimeout(1_000); // The first prompt was enough to begin; the rest are fetched behind it.
  await context.setOffline(true);
  await expect(saveStatus(page)).toHaveText('Offline: your work is kept in this browser');
  for (let n = 0; n < 20; n++) await judge(page, n);
  await place(page, 20);
  await expect(saveStatus(page)).toHaveText('Offline: 20 waiting to be sent, kept in this browser');
  expect(await stored(work)).toEqual({});
  order.length = 0;
  await context.setOffline(false);
  await expect(saveStatus(page)).toHaveText('Saved');
  expect(await stored(work)).toEqual(expectedOf(0, 20));
  expect(order).toHaveLength(20);
  expect(new Set(order).size).toBe(20);
  // The draft of the 21st went to the server too.
  await expect.poll(() => storedDrafts(work)).toEqual({ 'prompt-20': tiersOf(20) });
  await page.close();
});

test('skips and flags made offline are kept with the rest, and sent once there is a network', async ({ context }) => {
  const { page, work } = await openBoard(context, 6);
  await markOffline(page);
  // The page is closed before anything could be sent.
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto(work.board);
  await expect(promptHeading(later)).toHaveText('Prompt prompt-3');
  await expect(saveStatus(later)).toHaveText('Saved');
  expect(await stored(work)).toEqual({ ...expectedOf(0, 1), ...expectedOf(2, 3) });
  expect(await storedMarks(work)).toEqual({ 'prompt-0': 'flagged', 'prompt-1': 'skipped knowledge' });
  await later.close();
});

test('control: without IndexedDB the closed page takes skips and flags with it', async ({ context }) => {
  await withoutIndexedDb(context);
  const { page, work } = await openBoard(context, 6);
  await markOffline(page);
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto(work.board);
  await expect(promptHeading(later)).toHaveText('Prompt prompt-0');
  expect(await storedMarks(work)).toEqual({});
  await later.close();
});

/** Offline: the first prompt flagged and judged, the second skipped, the third flagged, unflagged and judged. */
async function markOffline(page: Page): Promise<void> {
  const flag = page.getByRole('button', { name: 'Flag this prompt' });
  // The skip dialog is fetched when the page has nothing better to do.
  await page.waitForTimeout(4_000);
  await page.context().setOffline(true);
  await flag.click();
  await judge(page, 0);
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  await page.getByRole('button', { name: 'Skip this prompt' }).click();
  await page.getByText('It needs knowledge I don’t have').click();
  await page.getByRole('button', { name: 'Skip', exact: true }).click();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-2');
  await flag.click();
  await flag.click();
  await judge(page, 2);
  await expect(saveStatus(page)).toContainText(
    /5 waiting to be sent \(1 skip, 2 flags\), kept (?:in this browser|only on this page)/,
  );
}

test('answers lost on the way back: nothing is stored twice and no choice is asked for', async ({ context }) => {
  const { page, work } = await openBoard(context, 4);
  await loseAnswers(page);
  for (let n = 0; n < 3; n++) await judge(page, n);
  await expect(saveStatus(page)).toHaveText('Saved', { timeout: 30_000 });
  expect(await stored(work)).toEqual(expectedOf(0, 3));
  await page.close();
});

test('control: with another key for each try, a lost answer ends in a false choice', async ({ context }) => {
  const { page } = await openBoard(context, 4);
  await newKeyEachTry(page);
  await loseAnswers(page);
  await judge(page, 0);
  await expect(page.getByText(/was saved elsewhere in the meantime/)).toBeVisible({ timeout: 30_000 });
  await page.close();
});

/** The first answer to every save is lost after the server has stored it. */
async function loseAnswers(page: Page): Promise<void> {
  const seen = new Set<string>();
  await page.route('**/annotations', async (route) => {
    const { promptId } = JSON.parse(route.request().postData() ?? '{}');
    if (seen.has(promptId)) return route.fallback();
    seen.add(promptId);
    await route.fetch();
    await route.abort('connectionreset');
  });
}
