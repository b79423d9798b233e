/** Annotators differ; a reviewer decides on their board, sends an answer back, and is told of another's decision. */
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { answerMatrix, decideElsewhere, disputedProject } from '../adjudicating';
import { promptHeading, saveStatus, startWorkplace, unplaced } from '../annotating';
import { type Person, signInAs } from '../people';
import { settled } from '../settled';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

test('a reviewer decides without names, by the board’s keys, and sends an answer back', async ({ browser }) => {
  test.setTimeout(240_000);
  const work = await disputedProject(server, 2);
  const desk = await pageOf(browser, work.reviewer);
  const name = work.annotator.email.split('@')[0]!;

  await test.step('the queue leads to the board, with all answers beside it and no names', async () => {
    await desk.goto(`${server.url}${work.project}/adjudicate`);
    await expect(desk.getByRole('list', { name: 'Waiting for a decision' }).getByRole('listitem')).toHaveCount(2);
    await looksRight(desk, 'queue');
    await desk.getByRole('link', { name: 'Start deciding' }).click();
    await expect(answerMatrix(desk)).toContainText('Annotator A');
    await expect(answerMatrix(desk)).toContainText('annotators differ');
    expect(await desk.locator('body').textContent()).not.toContain(name);
  });

  const first = await test.step('it starts from one answer; a reason; decided', async () => {
    const heading = (await promptHeading(desk).textContent())!;
    await desk.getByRole('group', { name: 'Start from' }).getByRole('button', { name: 'Annotator B' }).click();
    await expect(unplaced(desk)).toHaveCount(0);
    await desk.getByRole('complementary', { name: 'Answers' }).getByLabel('Reason').fill('B counts right.');
    await looksRight(desk, 'decide', promptHeading(desk));
    await desk.reload();
    await expect(desk.getByRole('complementary', { name: 'Answers' }).getByLabel('Reason')).toHaveValue(
      'B counts right.',
    );
    await desk.getByRole('button', { name: 'Decide and next' }).click();
    await expect(promptHeading(desk)).not.toHaveText(heading);
    return heading.replace('Prompt ', '');
  });

  await test.step('the next by keys alone; the queue is empty then', async () => {
    await expect(unplaced(desk)).toHaveCount(3);
    await unplaced(desk).first().focus();
    for (const key of ['1', '2', '3']) await desk.keyboard.press(key);
    await expect(unplaced(desk)).toHaveCount(0);
    await desk.keyboard.press('Enter');
    await expect(desk.getByText('Nothing waits for a decision')).toBeVisible();
  });

  const prompt = `${server.url}${work.project}/prompts/${work.promptIds[first]}`;
  await test.step('on the prompt’s page names are told; an answer goes back with a note', async () => {
    await desk.goto(prompt);
    await expect(answerMatrix(desk)).toContainText(name);
    await expect(answerMatrix(desk)).toContainText('Decision');
    await desk.getByText('B counts right.').first().waitFor();
    const card = desk.getByRole('heading', { level: 3, name }).locator('xpath=ancestor::*[.//button][1]');
    await card.getByRole('button', { name: 'Send back' }).click();
    const dialog = desk.getByRole('dialog');
    await dialog.getByLabel('Note').fill('Which of them is right?');
    await looksRight(desk, 'send-back');
    await dialog.getByRole('button', { name: 'Send back' }).click();
    await expect(desk.getByText('Waiting for the annotator')).toBeVisible();
    await looksRight(desk, 'prompt');
  });

  await test.step('the annotator gets it first, with the note and the old answer, and nobody’s name', async () => {
    const board = await pageOf(browser, work.annotator);
    await board.goto(work.board);
    await expect(promptHeading(board)).toHaveText(`Prompt ${first}`);
    await expect(board.getByText('Which of them is right?')).toBeVisible();
    await expect(unplaced(board)).toHaveCount(0);
    expect(await board.locator('body').textContent()).not.toContain('B counts right.');
    await looksRight(board, 'sent-back');
    await board.keyboard.press('Enter');
    await expect(saveStatus(board)).toHaveText('Saved');
    for (const path of [`answers/${work.promptIds[first]}`, 'review-queue']) {
      expect((await board.request.get(`${server.url}/api${work.project}/${path}`)).status(), path).toBe(403);
    }
    await board.context().close();
  });

  await test.step('the reviewer sees the new version, and withdraws the decision', async () => {
    await desk.reload();
    await expect(desk.getByText('Answered')).toBeVisible();
    await expect(desk.getByText('1 earlier version')).toBeVisible();
    await desk.getByRole('button', { name: 'Withdraw the decision' }).click();
    await desk.getByRole('dialog').getByLabel('Reason').fill('Answered anew.');
    await desk.getByRole('dialog').getByRole('button', { name: 'Withdraw the decision' }).click();
    await expect(desk.getByRole('region', { name: 'Decisions' })).toContainText('Withdrawn');
    await expect(answerMatrix(desk)).not.toContainText(name);
    await desk.goto(`${server.url}${work.project}/adjudicate`);
    await expect(desk.getByRole('link', { name: first })).toBeVisible();
    await expect(desk.getByText('1 answer came back')).toBeVisible();
  });
});

test('the second of two reviewers is told, and decides anew with the board as it was', async ({ browser }) => {
  const work = await disputedProject(server, 1);
  const promptId = work.promptIds['prompt-0']!;
  const desk = await pageOf(browser, work.reviewer);
  await desk.goto(`${server.url}${work.project}/adjudicate/${promptId}`);
  await desk.getByRole('group', { name: 'Start from' }).getByRole('button', { name: 'Annotator A' }).click();
  await decideElsewhere(server.admin, work.project, promptId);
  await desk.getByRole('button', { name: 'Decide', exact: true }).click();
  await expect(
    desk.getByRole('alert').filter({ hasText: 'Ada has decided this prompt in the meantime.' }),
  ).toBeVisible();
  await expect(unplaced(desk)).toHaveCount(0);
  await desk.getByRole('button', { name: 'Show that decision' }).click();
  await expect(answerMatrix(desk)).toContainText('Decision');
  await expect(unplaced(desk)).toHaveCount(0);
  await desk.getByRole('button', { name: 'Decide', exact: true }).click();
  await expect(desk).toHaveURL(/\/adjudicate$/);
  const { body } = await work.reviewer.ask<{ decisions: { version: number; mine: boolean }[] }>(
    'GET',
    `${work.project}/answers/${promptId}`,
  );
  expect(body.decisions.map(({ version, mine }) => [version, mine])).toEqual([
    [2, true],
    [1, false],
  ]);
});

async function pageOf(browser: Browser, person: Person): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await signInAs(context, server, person);
  return context.newPage();
}

/** No accessibility fault and no scrolling sideways, light and dark, on a phone, a tablet and a laptop. */
async function looksRight(page: Page, name: string, ready = page.locator('body')): Promise<void> {
  const { width, height } = page.viewportSize()!;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${name} ${id}: ${nodes[0]?.html}`)).toEqual([]);
    for (const size of process.env.SHOTS ? [1440, 768, 390] : [390]) {
      await page.setViewportSize({ width: size, height: 900 });
      await expect(ready).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size);
      if (process.env.SHOTS) {
        await page.screenshot({ path: `${process.env.SHOTS}/${name}-${size}-${colorScheme}.png`, fullPage: true });
      }
    }
    await page.setViewportSize({ width, height });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
