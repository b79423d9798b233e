/** A researcher chooses an order by rule, freezes two snapshots, looks at what they hold, renames one and compares them. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { join, type Person, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let ada: Person;
test.beforeAll(async () => {
  server = await startServer();
  ada = await join(server, server.setupUrl, 'Ada');
});
test.afterAll(() => server?.stop());

/** Each question twice under different ids, with answers that say their label themselves. */
const file = Array.from({ length: 40 }, (_, i) =>
  JSON.stringify({
    id: `p${i}`,
    prompt: `Is number ${i % 20} even?`,
    reference_label: i % 2 ? 'no' : 'yes',
    responses: [
      { id: 'a', text: `I divide it by two. Answer: ${i % 2 ? 'no' : 'yes'}`, source: 'model-a' },
      { id: 'b', text: `I guess. Answer: ${i % 2 ? 'yes' : 'no'}`, source: 'model-b' },
    ],
  }),
).join('\n');

const noViolations = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
};
/** With SHOTS set to a folder, draws what is on screen on a wide and on a narrow window. */
const shoot = async (page: Page, name: string) => {
  if (!process.env.SHOTS) return;
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 1100 });
    await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png` });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
};

test('from an order by rule to two snapshots that are compared', async ({ page }) => {
  const { body } = await ada.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
  const project = `/projects/${body.project.id}`;
  expect((await ada.ask('POST', `${project}/import`, undefined, { text: file })).status).toBe(200);
  await signInAs(page.context(), server, ada);

  await test.step('the pattern is tried before it is saved', async () => {
    await page.goto(`${server.url}${project}/settings`);
    const pattern = page.getByLabel('Label pattern');
    await pattern.fill('Answer: (');
    const card = page.locator('form').filter({ has: pattern });
    await card.getByRole('button', { name: 'Preview' }).click();
    await expect(card.getByText('This is not a label pattern that can be used')).toBeVisible();
    await pattern.fill('Answer: (\\w+)');
    await card.getByRole('button', { name: 'Preview' }).click();
    await expect(card.getByText('80 found by the pattern')).toBeVisible();
    const row = card.getByRole('row', { name: /^Right label over wrong/ });
    await expect(row.getByRole('cell')).toHaveText(['40', '0']);
    await card
      .getByRole('combobox', { name: 'Order without annotations' })
      .selectOption({ label: 'Right label over wrong' });
    await card.scrollIntoViewIfNeeded();
    await noViolations(page);
    await shoot(page, 'order');
    await card.getByRole('button', { name: 'Save order' }).click();
    await expect(page.getByText('Order saved').first()).toBeVisible();
  });

  const create = async (name: string, fields: Record<string, string>) => {
    await page.goto(`${server.url}${project}/snapshots`);
    await page.getByRole('button', { name: 'Create snapshot' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('radio', { name: /right label over wrong/i })).toBeChecked();
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByText('Choose prompts, pairs and splits').click();
    for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await expect(dialog.getByRole('table', { name: 'Sources' })).toBeVisible();
    await dialog.getByRole('table', { name: 'Sources' }).scrollIntoViewIfNeeded();
    await shoot(page, `preview-${name}`);
    return dialog;
  };

  await test.step('the preview says what the splits share, and the card does, too', async () => {
    const dialog = await create('Whole', { 'Validation, in percent': '40', 'Test, in percent': '20' });
    await expect(dialog.getByText(/equal to one in Training/).first()).toBeVisible();
    await noViolations(page);
    await dialog.getByRole('button', { name: 'Create snapshot' }).click();
    await expect(dialog).toBeHidden();
    await page.getByText('Lengths, sources and leaks').click();
    await expect(page.getByRole('table', { name: 'Lengths in characters' })).toBeVisible();
    await page.getByText('Examples').click();
    await noViolations(page);
    await shoot(page, 'card');
  });

  await test.step('another is made without splits, and renamed by keys alone', async () => {
    const dialog = await create('Part', { 'With a response of this source': 'model-a' });
    await dialog.getByRole('button', { name: 'Create snapshot' }).click();
    await expect(dialog).toBeHidden();
    await page.getByRole('button', { name: 'Rename snapshot: Part' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Name').fill('Without splits');
    await shoot(page, 'rename');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Without splits' })).toBeVisible();
  });

  await test.step('and both are compared', async () => {
    await page.getByRole('button', { name: 'Compare' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('row', { name: /^Pairs/ }).getByRole('cell')).toHaveText(['0', '0', '0', '40']);
    await expect(dialog.getByText(/^Moved from (Validation|Test) to Training/).first()).toBeVisible();
    await noViolations(page);
    await shoot(page, 'compare');
  });
});
