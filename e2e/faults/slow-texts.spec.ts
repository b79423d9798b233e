/**
 * No text that can be imported keeps a page from answering: what would take long to format or to lay out is shown as it
 * was written, saying so, and keys, the ordinary texts beside it and other pages go on. `npm run bench texts` has the
 * milliseconds.
 */
import { expect, type Page, test } from '@playwright/test';
import { chooseView, inTier, makeBoardProject, openBoard, toPlace } from '../board-project';
import { startServer, type TestServer } from '../server';
import { slowTexts, TOO_INTRICATE } from '../slow-texts';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

const ordinary = 'An **ordinary** answer.\n\n- one\n- two';
const noted = (page: Page) => page.locator(`[data-note="${TOO_INTRICATE}"]`);

for (const [name, text] of Object.entries(slowTexts)) {
  test(`a prompt and responses of ${name}`, async ({ page }) => {
    const project = await makeBoardProject(page, server, [
      { id: 'slow', prompt: text, responses: [text, `${text}.`, ordinary] },
    ]);
    await chooseView(page, 'board');
    await openBoard(page, server, project);
    const card = toPlace(page).filter({ has: page.locator('strong', { hasText: 'ordinary' }) });
    await expect(card).toBeVisible();
    await card.focus();
    await page.keyboard.press('1');
    await expect(inTier(page, 'Excellent')).toHaveCount(1);

    await test.step('a response that is opened', async () => {
      await toPlace(page).first().focus();
      await page.keyboard.press('Space');
      await expect(toPlace(page).getByRole('button', { name: 'Show less' })).toBeVisible();
      await page.keyboard.press('2');
      await expect(inTier(page, 'Good')).toHaveCount(1);
      await page.keyboard.press('u');
      // Both are back: else the second of them could be the one that was first a moment ago.
      await expect(toPlace(page)).toHaveCount(2);
    });

    await test.step('two that are compared', async () => {
      for (const at of [0, 1]) {
        await toPlace(page).nth(at).focus();
        await page.keyboard.press('d');
      }
      const comparison = page.getByRole('region', { name: /^Comparison of/ });
      await expect(comparison).toBeVisible();
      await page.getByRole('checkbox', { name: 'Show differences' }).uncheck();
      await comparison.getByRole('group').first().focus();
      await page.keyboard.press('3');
      await expect(inTier(page, 'Weak').or(comparison.getByText('Weak'))).toBeVisible();
    });
  });
}

test('a text that is left as it was written says so, on the board and in the guidelines', async ({ page }) => {
  const guidelines = `${slowTexts['half emphasis']}`;
  const project = await makeBoardProject(
    page,
    server,
    [{ id: 'slow', prompt: slowTexts.links!, responses: [ordinary, 'Another.'] }],
    { guidelines },
  );
  await page.goto(`${server.url}${project}/guidelines`);
  await expect(noted(page).first()).toBeVisible({ timeout: 30_000 });
  const said = await noted(page)
    .first()
    .evaluate((element) => getComputedStyle(element, '::before').content);
  expect(said).toBe(JSON.stringify(TOO_INTRICATE));
  await page.getByRole('link', { name: 'Annotate' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('the import preview draws the beginnings of such texts as the board will, and answers', async ({ page }) => {
  const project = await makeBoardProject(page, server, [{ id: 'first', prompt: 'Why?', responses: ['a', 'b'] }]);
  await page.goto(`${server.url}${project}/import`);
  const lines = Object.entries(slowTexts).map(([id, text]) =>
    JSON.stringify({ id, prompt: [{ role: 'user', content: text }], responses: [{ text: ordinary }, { text }] }),
  );
  for (const part of [lines.slice(0, 5), lines.slice(5, 10), lines.slice(10)]) {
    await page.locator('input[type="file"]').setInputFiles({
      name: 'slow.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from(part.join('\n')),
    });
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeVisible();
    await expect(page.locator('strong', { hasText: 'ordinary' }).first()).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  }
});
