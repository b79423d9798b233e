/** Guidelines: written with a preview, read before the first prompt, beside the board, again after a change, on paper. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { newProject, promptHeading, signIn, startWorkplace, unplaced } from '../annotating';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

const violations = async (page: Page) =>
  (await new AxeBuilder({ page }).withTags(WCAG).analyze()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html}`,
  );

test('an annotator reads the guidelines first, beside the board, and what changed since', async ({ page, browser }) => {
  const workplace = await newProject(server, 3);
  const { projectId, board } = workplace;
  const writer = await browser.newContext();
  await signIn(writer, { ...workplace, annotator: server.admin });

  await test.step('an administrator writes them, with a preview', async () => {
    const editor = await writer.newPage();
    await editor.goto(`${server.url}/projects/${projectId}/settings`);
    await editor.getByLabel('What to judge by').fill('# Facts first\n\nA **wrong** number is the worst.');
    await editor.getByLabel('Examples: Excellent').fill('`5` with its reason.');
    await editor.getByRole('tab', { name: 'Preview' }).click();
    await expect(editor.getByRole('heading', { name: 'Facts first' })).toBeVisible();
    await expect(editor.getByRole('region', { name: 'Examples: Excellent' }).locator('code')).toHaveText('5');
    await editor.getByRole('button', { name: 'Publish version 1' }).click();
    await expect(editor.getByText('Guidelines published.')).toBeVisible();
    expect(await violations(editor)).toEqual([]);
  });

  await test.step('before the first prompt', async () => {
    await signIn(page.context(), workplace);
    await page.goto(board);
    await expect(page.getByRole('heading', { level: 1, name: 'Before you begin' })).toBeFocused();
    await expect(page.getByRole('heading', { name: 'Facts first' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have read the guidelines' }).click();
    await expect(promptHeading(page)).toHaveText('Prompt prompt-0');
    await page.reload();
    await expect(promptHeading(page)).toHaveText('Prompt prompt-0');
  });

  const panel = page.getByRole('complementary', { name: 'Guidelines' });
  await test.step('beside the board, by key', async () => {
    await page.keyboard.press('g');
    await expect(panel.getByRole('region', { name: 'Examples: Excellent' })).toContainText('with its reason');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('g');
    await expect(panel).toHaveCount(0);
  });

  await test.step('a new version waits until the prompt is done, and shows what changed', async () => {
    await unplaced(page).first().focus();
    await page.keyboard.press('1');
    const guidelines = `/projects/${projectId}/guidelines`;
    const published = await server.admin.ask('POST', guidelines, {
      baseVersion: 1,
      body: '# Facts first\n\nA **wrong** number is never the best.',
      examples: ['`5` with its reason.', '', '', ''],
    });
    expect(published.status).toBe(200);
    let looks = 0;
    page.on('response', (answer) => {
      if (answer.url().endsWith(guidelines)) looks++;
    });
    // The page looks every minute, and after an interruption as soon as what it knows is a few seconds old.
    await expect
      .poll(async () => {
        await page.context().setOffline(true);
        await page.context().setOffline(false);
        return looks;
      })
      .toBeGreaterThan(0);
    await expect(promptHeading(page)).toHaveText('Prompt prompt-0');
    for (const key of ['2', '3', 'Enter']) await page.keyboard.press(key);
    await expect(page.getByRole('heading', { level: 1, name: 'The guidelines have changed' })).toBeFocused();
    const changes = page.getByRole('region', { name: 'What changed' });
    await expect(changes.locator('del')).toHaveText([/removed: worst$/]);
    await expect(changes.locator('ins')).toHaveText([/added: never $/, /added: best$/]);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have read the guidelines' }).click();
    await expect(promptHeading(page)).toHaveText('Prompt prompt-1');
  });

  await test.step('on paper: the text and nothing of the app around it', async () => {
    await page.goto(`${server.url}/projects/${projectId}/guidelines`);
    await expect(page.getByText('Version 2,')).toBeVisible();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await expect(page.getByRole('heading', { name: 'Facts first' })).toBeVisible();
    for (const name of ['Main', 'Project']) await expect(page.getByRole('navigation', { name })).toBeHidden();
    await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
    const color = () => page.locator('h1').evaluate((title) => getComputedStyle(title).color);
    const [onPaper, onScreen] = [await color(), await page.emulateMedia({ media: 'screen' }).then(color)];
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    expect([onPaper, onScreen === onPaper]).toEqual([await color(), false]);
  });
  await test.step('researchers see every version with its author and what it changed; annotators do not', async () => {
    await expect(page.getByRole('heading', { name: 'History' })).toHaveCount(0);
    const office = await writer.newPage();
    await office.goto(`${server.url}/projects/${projectId}/guidelines`);
    const versions = office.getByRole('list', { name: 'Versions' }).locator('> li');
    await expect(versions).toHaveText([/^Version 2Current.*Ada/, /^Version 1.*Ada/]);
    await versions.nth(0).getByText('Version 2').click();
    await expect(versions.nth(0).locator('ins')).toHaveText([/added: never $/, /added: best$/]);
    await versions.nth(1).getByText('Version 1').click();
    await expect(versions.nth(1).getByText(/is always the worst|worst/)).toBeVisible();
    expect(await violations(office)).toEqual([]);
  });
  await writer.close();
});
