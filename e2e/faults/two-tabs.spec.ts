/** One browser, several tabs; and one person at two machines. */
import { expect, type Page, test } from '@playwright/test';
import {
  expectedOf,
  judge,
  judgeElsewhere,
  newProject,
  place,
  promptHeading,
  promptIds,
  saveStatus,
  signIn,
  startWorkplace,
  stored,
  storedDrafts,
  storedRemarks,
  tiersOf,
  unplaced,
} from '../annotating';
import { withoutLocks } from './controls';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(async () => {
  await server.stop();
});

/** Counts the saves of a page by idempotency key. */
function countSaves(pages: Page[]): Map<string, number> {
  const sent = new Map<string, number>();
  for (const page of pages) {
    page.on('request', (request) => {
      if (request.method() !== 'POST' || !request.url().endsWith('/annotations')) return;
      const { idempotencyKey } = JSON.parse(request.postData() ?? '{}');
      sent.set(idempotencyKey, (sent.get(idempotencyKey) ?? 0) + 1);
    });
  }
  return sent;
}

for (const locks of [true, false]) {
  const name = locks
    ? 'two tabs judge offline and come back together: every item is kept and sent by one of them'
    : 'control: without the lock both tabs send the same items (and their keys still keep them from being stored twice)';
  test(name, async ({ context }) => {
    const work = await newProject(server, 12);
    if (!locks) await withoutLocks(context);
    await signIn(context, work);
    const [a, b] = [await context.newPage(), await context.newPage()];
    await a.goto(work.board);
    await judge(a, 0);
    await expect(saveStatus(a)).toHaveText('Saved');
    await b.goto(work.board);
    await expect(promptHeading(b)).toHaveText('Prompt prompt-1');
    // Long enough for both to have fetched ahead.
    await b.waitForTimeout(1_000);
    await context.setOffline(true);
    await a.bringToFront();
    for (let n = 1; n < 5; n++) await judge(a, n);
    await b.bringToFront();
    // The same four again, in the other tab: the newer judgement counts.
    for (let n = 1; n < 5; n++) await judge(b, n, 1);
    for (let n = 5; n < 8; n++) await judge(b, n);
    // Seven prompts; prompt 1 twice, since its first tiers were on their way when the network went.
    await expect(saveStatus(a)).toHaveText('Offline: 8 waiting to be sent, kept in this browser');
    await expect(saveStatus(b)).toHaveText('Offline: 8 waiting to be sent, kept in this browser');
    const sent = countSaves([a, b]);
    await context.setOffline(false);
    await expect(saveStatus(a)).toHaveText('Saved', { timeout: 20_000 });
    await expect(saveStatus(b)).toHaveText('Saved', { timeout: 20_000 });
    const found = await stored(work);
    const newest = Object.fromEntries([1, 2, 3, 4].map((n) => [`prompt-${n}`, tiersOf(n, 1)]));
    for (const [prompt, { tiers }] of Object.entries(found)) {
      expect(tiers, prompt).toEqual(newest[prompt] ?? expectedOf(0, 8)[prompt]?.tiers);
    }
    expect(Object.keys(found)).toHaveLength(8);
    const twice = [...sent.values()].filter((times) => times > 1);
    if (locks) expect(twice).toEqual([]);
    else expect(twice.length).toBeGreaterThan(0);
    await Promise.all([a.close(), b.close()]);
  });
}

test('a prompt saved at another machine: both tierings are shown, and the person chooses', async ({ context }) => {
  const work = await newProject(server, 5);
  const ids = await promptIds(work);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await expect(promptHeading(page)).toHaveText('Prompt prompt-0');
  for (const n of [0, 1, 2]) await judgeElsewhere(work, ids[`prompt-${n}`]!, [3, 3, 3], n === 0 ? 'Theirs.' : '');

  await test.step('keep mine', async () => {
    await page.keyboard.press('n');
    await page.keyboard.type('Mine says more.');
    await page.keyboard.press('Escape');
    await unplaced(page).first().focus();
    await page.keyboard.press('t');
    await page.getByRole('menuitemcheckbox', { name: 'Wrong fact' }).press('Enter');
    await judge(page, 0); // 0, 1, 2 against 3, 3, 3
    const choice = page.getByRole('table', { name: /^Prompt prompt-0 was saved elsewhere/ });
    await expect(choice.getByRole('row')).toHaveCount(5);
    await expect(choice.getByRole('row').nth(1)).toContainText('(differs)');
    await expect(choice.getByRole('row').last()).toHaveText(
      /Comment, tags and highlights \(differ\)1 tag · “Mine says more\.”“Theirs\.”/,
    );
    await expect(
      page.getByText('3 of 3 responses are placed differently. Comments, tags or highlights differ too.'),
    ).toBeVisible();
    await expect(saveStatus(page)).toHaveText('1 needs your decision');
    await page.getByRole('button', { name: 'Keep mine' }).click();
    await expect(saveStatus(page)).toHaveText('Saved');
    expect((await stored(work))['prompt-0']).toEqual({ version: 2, tiers: tiersOf(0) });
    expect(await storedRemarks(work, ids['prompt-0']!)).toMatchObject({
      comment: 'Mine says more.',
      tags: [{ tag: 'wrong-fact' }],
    });
  });

  await test.step('keep the saved version; a reload in between forgets nothing', async () => {
    await judge(page, 1);
    await expect(page.getByRole('button', { name: 'Keep mine' })).toBeVisible();
    await page.reload();
    // 1, 2, 3 against 3, 3, 3: the last one agrees.
    await expect(page.getByText('2 of 3 responses are placed differently.')).toBeVisible();
    await page.getByRole('button', { name: 'Keep the saved version' }).click();
    await expect(page.getByRole('button', { name: 'Keep mine' })).toBeHidden();
    expect((await stored(work))['prompt-1']).toEqual({ version: 1, tiers: [3, 3, 3] });
  });

  await test.step('edit mine', async () => {
    // The reloaded page no longer offers prompt 2, which was judged elsewhere: it is opened from the work list.
    await expect(promptHeading(page)).toHaveText('Prompt prompt-3');
    const edit = await context.newPage();
    await edit.goto(`${work.board}/mine/${ids['prompt-2']}`);
    await expect(edit.getByText('You are editing version 1.')).toBeVisible();
    await judgeElsewhere(work, ids['prompt-2']!, [0, 0, 0]);
    await edit
      .getByRole('group', { name: /^Response / })
      .first()
      .focus();
    await edit.keyboard.press('2');
    await edit.keyboard.press('Enter');
    await edit.getByRole('button', { name: 'Edit mine' }).click();
    await expect(edit.getByText('You are editing version 2.')).toBeVisible();
    await edit
      .getByRole('group', { name: /^Response / })
      .last()
      .focus();
    await edit.keyboard.press('1');
    await edit.keyboard.press('Enter');
    await expect.poll(async () => (await stored(work))['prompt-2']?.version).toBe(3);
    expect((await stored(work))['prompt-2']!.tiers.toSorted()).toEqual([0, 1, 3]);
    await edit.close();
  });
  await page.close();
});

test('a draft begun here goes on at another machine, and counts as nothing until it is saved', async ({
  browser,
  context,
}) => {
  const work = await newProject(server, 3);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await place(page, 0);
  await expect.poll(() => storedDrafts(work)).toEqual({ 'prompt-0': tiersOf(0) });
  expect(await stored(work)).toEqual({});
  const elsewhere = await browser.newContext();
  await signIn(elsewhere, work);
  const other = await elsewhere.newPage();
  await other.goto(work.board);
  await expect(promptHeading(other)).toHaveText('Prompt prompt-0');
  await expect(unplaced(other)).toHaveCount(0);
  await other.keyboard.press('Enter');
  await expect(saveStatus(other)).toHaveText('Saved');
  expect(await stored(work)).toEqual(expectedOf(0, 1));
  expect(await storedDrafts(work)).toEqual({});
  await elsewhere.close();
  await page.close();
});
