/**
 * The browser or the server dies under an annotator. The browser is killed with SIGKILL, all its processes, and opened
 * again on the same profile. Controls: without IndexedDB the same death loses the work; with another key for each try
 * the restart ends in a false choice.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { type BrowserContext, chromium, expect, test } from '@playwright/test';
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
  tiersOf,
  unplaced,
  type Workplace,
} from '../annotating';
import { chromiumFlags, findChromium } from '../browser';
import { newKeyEachTry, withoutIndexedDb } from './controls';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(async () => {
  await server.stop();
});

const openProfile = (profile: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: chromiumFlags,
  });

/** SIGKILL to the browser of this profile and all its children: nobody gets to write anything any more. */
function killBrowser(profile: string): void {
  const pids = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`--user-data-dir=${profile}`);
    } catch {
      return false;
    }
  });
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // A child that went with its parent.
    }
  }
}

/** Two prompts judged and a third begun while no save gets through, then SIGKILL; and the profile opened again. */
async function dieAndComeBack(work: Workplace, prepare: (context: BrowserContext) => Promise<unknown>) {
  const profile = mkdtempSync(joinPath(tmpdir(), 'rescue-profile-'));
  try {
    const first = await openProfile(profile);
    await prepare(first);
    await signIn(first, work);
    const page = await first.newPage();
    await page.route('**/api/projects/*/{annotations,drafts/*}', (route) => route.abort());
    await page.goto(work.board);
    await judge(page, 0);
    await judge(page, 1);
    await place(page, 2);
    await expect(saveStatus(page)).toContainText('2 waiting to be sent');
    const gone = new Promise((done) => first.once('close', done));
    killBrowser(profile);
    await gone;

    const second = await openProfile(profile);
    await signIn(second, work);
    const again = await second.newPage();
    await again.goto(work.board);
    await expect(promptHeading(again)).toBeVisible();
    const shown = await promptHeading(again).textContent();
    const left = await unplaced(again).count();
    await again.waitForTimeout(1_500);
    const words = await saveStatus(again).textContent();
    await second.close();
    return { shown, left, words };
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

test('the browser is killed with two prompts unsent and a third begun: all of it is there again', async () => {
  test.skip(process.platform !== 'linux', 'finds the browser’s processes in /proc');
  const work = await newProject(server, 5);
  const after = await dieAndComeBack(work, async () => {});
  expect(after).toEqual({ shown: 'Prompt prompt-2', left: 0, words: 'Saved' });
  expect(await stored(work)).toEqual(expectedOf(0, 2));
});

test('control: without IndexedDB the killed browser takes the work with it', async () => {
  test.skip(process.platform !== 'linux', 'finds the browser’s processes in /proc');
  const work = await newProject(server, 5);
  const after = await dieAndComeBack(work, withoutIndexedDb);
  expect(after.shown).toBe('Prompt prompt-0');
  expect(after.left).toBe(3);
  expect(await stored(work)).toEqual({});
});

test('the server is killed and started again under a running annotator: nothing lost, nothing twice', async ({
  context,
}) => {
  const work = await newProject(server, 10);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await judge(page, 0);
  await expect(saveStatus(page)).toHaveText('Saved');
  await killAfterStoring(context);
  // The server stores this one, and dies before it can say so.
  await judge(page, 1);
  await expect(saveStatus(page)).toHaveText('No answer from the server: 1 waiting to be sent, kept in this browser');
  for (let n = 2; n < 5; n++) await judge(page, n);
  await expect(saveStatus(page)).toHaveText('No answer from the server: 4 waiting to be sent, kept in this browser');
  await place(page, 5);
  await server.restart();
  await page.keyboard.press('Enter');
  await expect(saveStatus(page)).toHaveText('Saved', { timeout: 40_000 });
  expect(await stored(work)).toEqual(expectedOf(0, 6));
  await place(page, 6);
  await expect.poll(() => storedDrafts(work)).toEqual({ 'prompt-6': tiersOf(6) });
});

test('control: with another key for each try, the restarted server meets a false choice', async ({ context }) => {
  const work = await newProject(server, 4);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await newKeyEachTry(page);
  await killAfterStoring(context);
  await judge(page, 0);
  await expect(saveStatus(page)).toContainText('No answer from the server');
  await server.restart();
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByText(/was saved elsewhere in the meantime/)).toBeVisible({ timeout: 40_000 });
});

/** The next save reaches the database, and the server is killed before its answer gets anywhere. */
async function killAfterStoring(context: BrowserContext): Promise<void> {
  await context.route(
    '**/annotations',
    async (route) => {
      await route.fetch();
      await server.kill9();
      await route.abort('connectionreset');
    },
    { times: 1 },
  );
}
