/** A flag from the board to a researcher and back. */
import { expect, test } from '@playwright/test';
import { newProject, place, promptHeading, saveStatus, signIn, startWorkplace } from '../annotating';
import { lastChange } from '../board-project';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

test('a flag takes a note, opens the annotator’s answer, and is resolved', async ({ context, browser }) => {
  const work = await newProject(server, 2);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await place(page, 0);
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: 'Flag this prompt' })).toHaveAttribute('aria-pressed', 'true');
  await expect(lastChange(page)).toHaveText('This prompt is flagged.');
  const note = page.getByLabel('Flagged. What should a researcher look at?');
  await note.fill('Two of these say the same.');
  await page.getByRole('button', { name: 'Add note' }).click();
  await expect(note).toHaveCount(0);
  await page.getByRole('button', { name: 'Save and next' }).click();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  await expect(saveStatus(page)).toHaveText('Saved');

  const office = await browser.newContext();
  await signIn(office, { ...work, annotator: server.admin });
  const desk = await office.newPage();
  await desk.goto(`${server.url}${work.project}/work`);
  await desk.getByRole('link', { name: /prompt-0.*Two of these say the same/ }).click();
  await expect(desk.getByRole('heading', { level: 1, name: /^Answer by annotator/ })).toBeVisible();
  // prompt-0 has its three responses in the first three tiers; the researcher judged nothing.
  await expect(desk.getByRole('region', { name: 'Excellent' }).getByRole('listitem')).toHaveCount(1);
  await expect(desk.getByRole('region', { name: 'Not judged' })).toHaveCount(0);
  if (process.env.SHOTS) await desk.screenshot({ path: `${process.env.SHOTS}/answer.png`, fullPage: true });
  await desk.setViewportSize({ width: 390, height: 800 });
  expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (process.env.SHOTS) await desk.screenshot({ path: `${process.env.SHOTS}/answer-390.png`, fullPage: true });
  await desk.getByRole('button', { name: 'Mark as resolved' }).click();
  await expect(desk.getByRole('button', { name: 'Reopen' })).toBeVisible();
  await desk.getByRole('link', { name: 'Back to work' }).click();
  await expect(desk.getByText('Every flag is resolved.')).toBeVisible();
  await desk.getByText('One resolved flag').click();
  await expect(desk.getByRole('link', { name: /prompt-0/ })).toBeVisible();
  await office.close();
  await page.goto(`${work.board}/mine`);
  await expect(page.getByRole('region', { name: 'Flagged' })).toContainText('Resolved');
  await page.close();
});
