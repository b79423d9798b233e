/** Back to the prompt before, whatever has become of its submission meanwhile: one server, one project a case. */
import { expect, type Page, test } from '@playwright/test';
import {
  expectedOf,
  judge,
  newProject,
  promptHeading,
  promptIds,
  saveStatus,
  signIn,
  startWorkplace,
  stored,
  storedMarks,
  tiersOf,
  unplaced,
} from '../annotating';
import { lastChange } from '../board-project';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(async () => {
  await server.stop();
});

const cards = (page: Page) => page.getByRole('group', { name: /^Response / });

/** On the board of `prompt-<n>` that was gone back to: everything lies where it was put; one card is moved, and saved. */
async function changeOne(page: Page, n: number, tier: number): Promise<void> {
  await expect(promptHeading(page)).toHaveText(`Prompt prompt-${n}`);
  await expect(cards(page)).toHaveCount(3);
  await expect(unplaced(page)).toHaveCount(0);
  await cards(page).first().focus();
  await page.keyboard.press(String(tier + 1));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: `Prompt prompt-${n}`, exact: true })).toBeHidden();
}

test('a submission is taken back after it was sent, before it was sent, and while it waits', async ({ context }) => {
  const work = await newProject(server, 6);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await expect(page.getByText('0 today')).toBeVisible();

  // Sent: the key goes back, and what is given anew is a second version.
  await judge(page, 0);
  await expect(saveStatus(page)).toHaveText('Saved');
  await expect(
    page.getByText(/^1 today · about \d+ s per prompt · 1 of 6 judged by at least one person$/),
  ).toBeVisible();
  await page.keyboard.press('b');
  await expect(lastChange(page)).toHaveText('Back at the previous prompt, prompt-0.');
  await changeOne(page, 0, 3);
  await expect.poll(async () => (await stored(work))['prompt-0']?.version).toBe(2);
  const { tiers } = (await stored(work))['prompt-0']!;
  expect(tiers.filter((tier, i) => tier !== tiersOf(0)[i])).toHaveLength(1);
  await expect(page.getByText(/^1 today/)).toBeVisible();

  // Offline: both wait, and the new one builds on what the first becomes.
  await page.context().setOffline(true);
  await judge(page, 1);
  await page.getByRole('button', { name: 'Undo, back to prompt-1' }).click();
  await changeOne(page, 1, 3);
  await expect(saveStatus(page)).toContainText('Offline: 2 waiting to be sent');
  await page.context().setOffline(false);
  await expect(saveStatus(page)).toHaveText('Saved');
  expect((await stored(work))['prompt-1']!.version).toBe(2);

  // Under way while the person is back on it: the new one builds on what it becomes.
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/annotations', async (route) => {
    await gate;
    await route.continue();
  });
  await judge(page, 2);
  await page.keyboard.press('b');
  release();
  await expect(saveStatus(page)).toHaveText('Saved');
  await changeOne(page, 2, 3);
  await expect.poll(async () => (await stored(work))['prompt-2']?.version).toBe(2);

  // Taken back twice in a row, and left: what was submitted stands.
  await judge(page, 3);
  await judge(page, 4);
  await page.keyboard.press('b');
  await expect(promptHeading(page)).toHaveText('Prompt prompt-4');
  await page.keyboard.press('b');
  await expect(promptHeading(page)).toHaveText('Prompt prompt-3');
  await expect.poll(() => stored(work)).toMatchObject(expectedOf(3, 5));
  await page.close();
});

test('a skip is taken back, with what was begun; judging the last prompt leaves a way back too', async ({
  context,
}) => {
  const work = await newProject(server, 2);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await unplaced(page).first().focus();
  await page.keyboard.press('1');
  await page.keyboard.press('s');
  const skip = page.getByRole('button', { name: 'Skip', exact: true });
  // No reason is given for whoever does not give one.
  await skip.click();
  await expect(page.getByText('Choose a reason.')).toBeVisible();
  expect(await storedMarks(work)).toEqual({});
  await page.getByRole('radio', { name: 'I don’t understand the task' }).check();
  await skip.click();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  await expect.poll(() => storedMarks(work)).toEqual({ 'prompt-0': 'skipped unclear' });
  await page.keyboard.press('b');
  await expect(promptHeading(page)).toHaveText('Prompt prompt-0');
  await expect(unplaced(page)).toHaveCount(2);
  await expect.poll(() => storedMarks(work)).toEqual({});
  await page.keyboard.press('2');
  await page.keyboard.press('3');
  await page.keyboard.press('Enter');
  await judge(page, 1);
  await expect(page.getByText('You have judged every prompt')).toBeVisible();
  await page.getByRole('button', { name: 'Undo, back to prompt-1' }).click();
  await changeOne(page, 1, 0);
  await expect(page.getByText('You have judged every prompt')).toBeVisible();
  await page.close();
});

test('a prompt that gets responses while it is judged comes back in the same tab', async ({ context }) => {
  const work = await newProject(server, 2);
  const ids = await promptIds(work);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await judge(page, 0);
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  const added = await server.admin.ask('POST', `${work.project}/responses`, {
    source: 'third-model',
    prompts: [{ promptId: ids['prompt-1'], responses: [{ text: 'It is two, I think.' }] }],
  });
  expect(added.status, JSON.stringify(added.body)).toBeLessThan(300);
  await judge(page, 1);
  await expect(page.getByText('New responses were added since you judged this prompt.')).toBeVisible();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  await expect(unplaced(page)).toHaveCount(1);
  await unplaced(page).focus();
  await page.keyboard.press('1');
  await page.keyboard.press('Enter');
  await expect(page.getByText('You have judged every prompt')).toBeVisible();
  await expect.poll(async () => (await stored(work))['prompt-1']).toMatchObject({ version: 2 });
  await page.close();
});
