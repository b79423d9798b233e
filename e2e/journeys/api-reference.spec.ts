/** The page of the API: from the account to an operation, its example in the language that one uses, and a link to it. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { expectNoEnglish } from '../no-english';
import { join, type Person, signInAs } from '../people';
import { startServer, type TestServer } from '../server';

let server: TestServer;
let ada: Person;
test.beforeAll(async () => {
  server = await startServer();
  ada = await join(server, server.setupUrl, 'Ada');
});
test.afterAll(() => server?.stop());

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

test('is searched, read and copied from; the language of its examples is remembered', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signInAs(context, server, ada);
  await page.goto(`${server.url}/account`);
  await page.getByRole('link', { name: 'What the API can do' }).click();
  await expect(page.getByRole('heading', { name: 'API reference' })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('searchbox', { name: 'Search' }).fill('freeze seed');
  await expect(page.getByRole('status').filter({ hasText: '1 operation' })).toBeVisible();
  const operation = page.getByRole('region', { name: /^Freeze prompts/ });
  await operation.locator('summary', { hasText: 'selection' }).first().click();
  await expect(operation.getByText('pairsPerPrompt', { exact: true })).toBeVisible();

  await operation.getByRole('tab', { name: 'Python' }).click();
  await operation.getByRole('button', { name: 'Copy createSnapshot in Python' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('rescue.create_snapshot(');

  await page.goto(`${server.url}/api-reference#exportSnapshot`);
  const linked = page.getByRole('region', { name: /^A snapshot as a trainer reads it/ });
  await expect(linked.getByRole('heading', { level: 3 })).toBeFocused();
  await expect(linked.getByRole('heading', { level: 3 })).toBeInViewport();
  await expect(linked.getByRole('tab', { name: 'Python' })).toHaveAttribute('aria-selected', 'true');

  const client = await page.request.get(`${server.url}/api/v1/clients/rescue_studio.py`);
  expect(await client.text()).toContain('class RescueStudio');
});

test('fits a phone and the dark, and speaks the page’s language around the code', async ({ page, context }) => {
  await signInAs(context, server, ada);
  const described = await page.request.get(`${server.url}/api/openapi.json`);
  // Names of operations and of languages are the same everywhere.
  const ids = [...(await described.text()).matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id!);
  const names = [...ids, 'curl', 'Python', 'TypeScript', 'API', 'OpenAPI', 'RFC', 'ID'];
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const language of ['en', 'ar', 'ja']) {
    await context.addCookies([{ name: 'language', value: language, url: server.url }]);
    await page.goto(`${server.url}/api-reference`);
    await expect(page.locator('#createProject')).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, language).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    if (language !== 'en') await expectNoEnglish(page, language, names);
  }
});
