/** The app in Arabic, from signing in to a judged prompt, and in Japanese: no sentence of it is left in English. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { expectNoEnglish, latinWords } from '../no-english';
import { PASSWORD, promptLines } from '../people';
import { startServer, type TestServer } from '../server';

test.describe.configure({ mode: 'serial' });

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

const FIELDS = ['role', 'content', 'text', 'id', 'source', 'human', 'label'];

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
}

/** A project of two prompts with tiers in Arabic, made as whoever is signed in. @returns its path. */
async function makeProject(page: Page): Promise<string> {
  const id = await page.evaluate(async (lines) => {
    const post = async (path: string, type: string, body: string) =>
      (await fetch(`/api${path}`, { method: 'POST', headers: { 'content-type': type }, body })).json();
    const made = { name: 'أرقام', tiers: ['ممتاز', 'جيد', 'سيئ'] };
    const { project } = await post('/projects', 'application/json', JSON.stringify(made));
    await post(`/projects/${project.id}/import`, 'application/x-ndjson', lines);
    return project.id as string;
  }, promptLines(2));
  return `/projects/${id}`;
}

test('a person who reads Arabic signs up and judges a prompt by keyboard', async ({ page }) => {
  test.setTimeout(240_000);
  await page.goto(`${server.url}/sign-in`);
  await page.getByRole('combobox', { name: 'Language' }).selectOption('العربية');
  const html = page.locator('html');
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(html).toHaveAttribute('lang', 'ar');
  await expectNoEnglish(page, 'signing in');

  await page.goto(server.setupUrl);
  await page.getByLabel('الاسم').fill('Ada');
  await page.getByLabel('البريد الإلكتروني').fill('ada@example.org');
  await page.getByLabel('كلمة المرور').fill(PASSWORD);
  await expectNoEnglish(page, 'the setup');
  await page.getByRole('button', { name: 'إنشاء حساب المسؤول' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'المشاريع' })).toBeVisible();
  await expectNoEnglish(page, 'the projects');
  await expectAccessible(page);

  const project = await makeProject(page);
  await page.goto(`${server.url}${project}/annotate`);
  const unplaced = page.getByRole('region', { name: 'بانتظار مستوى' }).getByRole('group', { name: /^الرد [ABC]$/ });
  await expect(unplaced).toHaveCount(3);
  await expectNoEnglish(page, 'the board');
  await expectAccessible(page);

  // The next card is where the eye goes next: to the left.
  const heard = page.getByRole('status', { name: 'آخر تغيير' });
  await unplaced.first().focus();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('group', { name: 'الرد B', exact: true })).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('1');
  await expect(heard).toHaveText('الرد A: ممتاز. بقي ردّان.');
  await page.keyboard.press('2');
  await page.keyboard.press('Enter');
  await expect(page.getByText('رد واحد بلا مستوى. احفظ ثانيةً لتركه: سيُعدّ غير مقيّم.')).toBeVisible();
  await page.keyboard.press('3');
  await expect(heard).toHaveText('الرد C: سيئ. وُضعت كلها.');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectNoEnglish(page, 'the keys');
  // At once, as quick hands do: the dialog is gone, and Enter is the board's.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /عودة إلى .*prompt-0/ })).toBeVisible();
  await expectNoEnglish(page, 'the second prompt');

  for (const path of ['', '/import', '/sample', '/annotate/mine', '/guidelines', '/work', '/snapshots', '/train']) {
    await page.goto(`${server.url}${project}${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectNoEnglish(page, path, path === '/import' ? FIELDS : []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(overflow, `pixels beyond the edge: ${path}`).toBeLessThanOrEqual(0);
  }

  // The control: a sentence that was left in English is seen.
  await page.evaluate(() => document.body.append('Left as it was'));
  expect(await latinWords(page)).toEqual(expect.arrayContaining(['Left', 'was']));
});

test.describe('a browser that asks for Japanese', () => {
  test.use({ locale: 'ja-JP' });

  test('gets it, and the account menu changes it at once', async ({ page }) => {
    await page.goto(`${server.url}/sign-in`);
    await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
    await expect(page.getByRole('heading', { level: 1, name: 'サインイン' })).toBeVisible();
    await expectNoEnglish(page, 'signing in');
    await page.getByLabel('メールアドレス').fill('ada@example.org');
    await page.getByLabel('パスワード').fill(PASSWORD);
    await page.getByRole('button', { name: 'サインイン' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'プロジェクト' })).toBeVisible();
    await expectNoEnglish(page, 'the projects');
    await page.getByRole('link', { name: /أرقام/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'أرقام' })).toBeVisible();
    await expectNoEnglish(page, 'the project');

    await page.getByRole('button', { name: 'アカウントメニュー' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
    await page.reload();
    await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
  });
});
