/** A researcher searches prompts, corrects and withdraws one while an annotator has it open, and restores it. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import { judge, newProject, place, promptHeading, saveStatus, signIn, startWorkplace, stored } from '../annotating';

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

const rows = (desk: Page): Locator => desk.getByRole('list', { name: 'Prompts' }).getByRole('listitem');

async function shot(desk: Page, name: string): Promise<void> {
  for (const width of [390, 768, 1440]) {
    await desk.setViewportSize({ width, height: 900 });
    expect(await desk.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    for (const colorScheme of process.env.SHOTS ? (['light', 'dark'] as const) : []) {
      await desk.emulateMedia({ colorScheme });
      await desk.screenshot({ path: `${process.env.SHOTS}/${name}-${width}-${colorScheme}.png` });
    }
  }
}

test('a prompt is found, corrected and withdrawn beneath an open board, and restored', async ({ context, browser }) => {
  const work = await newProject(server, 60);
  await signIn(context, work);
  const page = await context.newPage();
  await page.goto(work.board);
  await judge(page, 0);
  await place(page, 1);

  const office = await browser.newContext();
  await signIn(office, { ...work, annotator: server.admin });
  const desk = await office.newPage();
  await desk.goto(`${server.url}${work.project}/prompts`);
  await expect(rows(desk)).toHaveCount(50);
  await desk.getByRole('button', { name: 'Show more' }).click();
  await expect(rows(desk)).toHaveCount(60);
  await shot(desk, 'prompts');

  await desk.getByLabel('State').selectOption({ label: 'Complete' });
  await expect(rows(desk)).toHaveCount(1);
  await expect(rows(desk)).toContainText('prompt-0');
  await expect(desk).toHaveURL(/state=complete/);
  await desk.getByLabel('Text or ID').fill('nowhere at all');
  await desk.keyboard.press('Enter');
  await expect(desk.getByRole('heading', { name: 'No prompt matches' })).toBeVisible();
  await desk.getByRole('button', { name: 'Show all prompts' }).click();
  await expect(desk.getByLabel('Text or ID')).toHaveValue('');
  await desk.getByLabel('Text or ID').fill('prompt-1');
  await desk.keyboard.press('Enter');
  await expect(rows(desk)).toHaveCount(11);
  await expect(rows(desk).first()).toContainText('prompt-1');

  await desk.getByRole('button', { name: 'Change prompt-1', exact: true }).click();
  const dialog = desk.getByRole('dialog', { name: 'Correct or withdraw: prompt-1' });
  await dialog.getByRole('button', { name: 'Correct', exact: true }).first().click();
  await dialog.getByLabel('User').fill('The question, corrected.');
  await dialog.getByRole('radio', { name: /^It must be judged again/ }).check();
  await shot(desk, 'correct');
  await dialog.getByRole('button', { name: 'Save correction' }).click();
  await expect(dialog.getByText('Corrected: The prompt. It had to be judged again.')).toBeVisible();

  // The board that was open is saved, and the prompt comes back with the new text.
  await page.getByRole('button', { name: 'Save and next' }).click();
  await expect(page.getByText(/^A researcher corrected this prompt while you had it open/)).toBeVisible();
  await expect(saveStatus(page)).toHaveText('Saved');
  expect(Object.keys(await stored(work)).sort()).toEqual(['prompt-0', 'prompt-1']);
  await page.goto(work.board);
  await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  await expect(page.getByText('The question, corrected.')).toBeVisible();

  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).first().click();
  await shot(desk, 'withdraw');
  await dialog.getByRole('button', { name: 'Withdraw prompt' }).click();
  await expect(dialog.getByText('Withdrawn: The prompt.')).toBeVisible();
  await page.getByRole('button', { name: 'Save and next' }).click();
  await expect(page.getByText(/^A researcher withdrew this prompt while you had it open/)).toBeVisible();
  await expect(promptHeading(page)).toHaveText('Prompt prompt-2');
  expect((await stored(work))['prompt-1']?.version).toBe(2);

  await dialog.getByRole('button', { name: 'Restore', exact: true }).first().click();
  await dialog.getByRole('button', { name: 'Restore prompt' }).click();
  await expect(dialog.getByText('Restored: The prompt.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await desk.getByLabel('Shown').selectOption({ label: 'Withdrawn' });
  await expect(desk.getByRole('heading', { name: 'No prompt matches' })).toBeVisible();
  await office.close();
  await page.close();
});
