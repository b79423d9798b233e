/** What is said beside the tiers: tags, marked passages and a comment, by keys, by pointer and without one. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { lastChange, makeBoardProject, openBoard, toPlace, words } from '../board-project';
import { startServer, type TestServer } from '../server';
import { stillBox } from '../still-box';

const plain = 'The bridge was built in 1731 👍 by millers,\r\nas everybody knows.';
const formatted = 'It was **reopened** in `2016`, see [the *news*](https://example.org/bridge/reopened).';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let server: TestServer;
let project: string;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

const card = (page: Page, text: string) => page.getByRole('group', { name: /^Response / }).filter({ hasText: text });
const drawn = (page: Page, color: string) =>
  page.evaluate((name) => [...(CSS.highlights.get(name) ?? [])].map(String), `mark-${color}`);

/** Drags the pointer over the first occurrence of `passage` in a response, once nothing moves there any more. */
async function selectText(page: Page, text: string, passage: string): Promise<void> {
  const [first, last] = [passage.split(' ')[0]!, passage.split(' ').at(-1)!];
  const response = responseText(page, text);
  // What draws the texts, and their fonts, are there: from then on only what the test does moves them.
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => void (await document.fonts.ready));
  await stillBox(response);
  const { from, to } = await response.evaluate(pointsOf, [first, last] as const);
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 6 });
  await page.mouse.up();
  const selected = await selection(page);
  expect([selected.startsWith(first), selected.endsWith(last)], selected).toEqual([true, true]);
}

const responseText = (page: Page, text: string) => card(page, text).first().locator('[data-response-text]');
const selection = (page: Page) => page.evaluate(() => String(getSelection()));

type Point = [x: number, y: number];

/** In the page: where the first of these words begins, and where the last one ends after it. */
function pointsOf(element: Element, [first, last]: readonly [string, string]): { from: Point; to: Point } {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let started = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const value = node.nodeValue ?? '';
    if (!started && value.includes(first)) {
      range.setStart(node, value.indexOf(first));
      started = true;
    }
    if (started && value.includes(last)) {
      range.setEnd(node, value.indexOf(last) + last.length);
      break;
    }
  }
  const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
  const [a, b] = [rects[0]!, rects.at(-1)!];
  return { from: [a.left + 1, a.top + a.height / 2], to: [b.right - 1, b.top + b.height / 2] };
}

test('a response is tagged and marked, with undo, and all of it is saved', async ({ page }) => {
  project = await makeBoardProject(page, server, [
    { id: 'bridge', prompt: 'When?', responses: [plain, formatted, 'Nobody knows.'] },
    { id: 'next', prompt: 'And then?', responses: ['One.', 'Two.'] },
  ]);
  await openBoard(page, server, project);
  const first = card(page, 'millers');
  const name = (await first.getAttribute('aria-label'))!;
  const remarks = first.getByRole('list', { name: `Remarks on ${name}` });

  await test.step('tags by key, in a menu that Space leaves open', async () => {
    await first.focus();
    await page.keyboard.press('t');
    const item = page.getByRole('menuitemcheckbox', { name: 'Wrong fact' });
    await expect(item).toBeFocused();
    await page.keyboard.press('Space');
    await expect(item).toBeChecked();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(remarks.getByRole('listitem')).toHaveText(['Wrong fact', 'Unsafe']);
    await expect(page.getByRole('menu')).toHaveCount(0);
    await page.keyboard.press('u');
    await expect(remarks.getByRole('listitem')).toHaveText(['Wrong fact']);
    await expect(lastChange(page)).toHaveText(`${name}: tag Unsafe removed.`);
  });

  await test.step('a pointer selects instead of dragging while passages are marked', async () => {
    await page.getByRole('button', { name: 'Select text to highlight it' }).click();
    await selectText(page, 'millers', '1731 👍 by millers');
    const bar = page.getByRole('toolbar', { name: 'Highlight the selected text' });
    await bar.getByRole('button', { name: 'Wrong fact' }).click();
    await expect.poll(() => drawn(page, 'red')).toEqual(['1731 👍 by millers']);
    await selectText(page, 'reopened', 'reopened in 2016');
    await expect(bar.getByRole('button', { name: 'Off topic' })).toHaveAttribute('aria-keyshortcuts', '3');
    const focused = await page.locator(':focus').getAttribute('aria-label');
    // While tags are offered, digits choose one instead of placing the response.
    await page.keyboard.press('3');
    await expect.poll(() => drawn(page, 'blue')).toEqual(['reopened in 2016']);
    await expect(bar).toHaveCount(0);
    await expect(toPlace(page)).toHaveCount(3);
    await expect(lastChange(page)).toHaveText(/: passage highlighted as Off topic\.$/);
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe(focused);
    await page.getByRole('button', { name: 'Select text to highlight it' }).click();
  });

  await test.step('without a pointer: the text stands in a field, the marks in a list', async () => {
    await first.focus();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: `Tags and highlights of ${name}` });
    await dialog.getByRole('button', { name: 'Incomplete' }).click();
    await expect(dialog.getByRole('status', { name: 'Highlighting' })).toHaveText(/^Nothing is selected/);
    await dialog.getByRole('textbox', { name: 'A passage' }).focus();
    await page.keyboard.press('Control+End');
    for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowLeft');
    await dialog.getByRole('button', { name: 'Incomplete' }).click();
    await expect(dialog.getByRole('list').getByRole('listitem')).toHaveText([/1731 👍 by millers/, /knows\./]);
    await dialog.getByRole('button', { name: /^Remove highlight Wrong fact/ }).click();
    await expect(dialog.getByRole('list').getByRole('listitem')).toHaveText([/knows\./]);
    const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').withTags(WCAG).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => drawn(page, 'yellow')).toEqual(['knows.']);
    await page.keyboard.press('u');
    await expect.poll(() => drawn(page, 'red')).toEqual(['1731 👍 by millers']);
  });

  await test.step('a comment; a reload keeps everything', async () => {
    await page.keyboard.press('n');
    await expect(lastChange(page)).toHaveText('The comment field is open. Escape leads back to the response.');
    await page.keyboard.type('Two of three are right.');
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(page.getByRole('textbox', { name: /^Comment/ })).toHaveValue('Two of three are right.');
    await expect.poll(() => drawn(page, 'red')).toEqual(['1731 👍 by millers']);
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });

  await toPlace(page).first().focus();
  for (const key of ['1', '2', '3', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByRole('heading', { level: 1, name: 'Prompt next' })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Save status' })).toHaveText('Saved');
  await page.goto(`${server.url}${project}/annotate/mine`);
  const entry = page.getByRole('link', { name: /^bridge/ });
  await expect(entry).toContainText('Wrong fact · Off topic · Incomplete · 3 highlights');
  await expect(entry).toContainText('Two of three are right.');

  const exported = await page.request.get(`${server.url}/api${project}/annotations/export`);
  const line = JSON.parse(await exported.text());
  const part = (text: string) => line.marks.find((mark: { text: string }) => mark.text === text);
  expect(part('1731 👍 by millers')).toMatchObject({ start: plain.indexOf('1731'), end: plain.indexOf(',') });
  expect(part('knows.')).toMatchObject({ start: plain.length - 6, end: plain.length });
  expect(part('reopened** in `2016')).toMatchObject({ start: formatted.indexOf('reopened') });
});

test('tags are offered for a passage as long as it is where it was', async ({ page }) => {
  const story = (seed: number) => `Once there was a mill. ${words(500, seed)}`;
  const moving = await makeBoardProject(page, server, [
    { id: 'long', prompt: 'Tell.', responses: [story(1), story(2)] },
  ]);
  await page.setViewportSize({ width: 1280, height: 600 });
  await openBoard(page, server, moving);
  await page.getByRole('button', { name: 'Select text to highlight it' }).click();
  const bar = page.getByRole('toolbar', { name: 'Highlight the selected text' });
  const select = async () => {
    await page.evaluate(() => getSelection()?.removeAllRanges());
    await selectText(page, 'a mill', 'there was a mill');
    await expect(bar).toBeVisible();
  };
  const expectGone = async () => {
    await expect(bar).toHaveCount(0);
    expect(await selection(page)).toBe('there was a mill');
  };

  await test.step('a window of another size', async () => {
    await select();
    await page.setViewportSize({ width: 1100, height: 600 });
    await expectGone();
  });
  await test.step('something above that takes room', async () => {
    await select();
    await responseText(page, 'a mill').evaluate((element) => {
      element.style.paddingTop = '40px';
    });
    await expectGone();
  });
  await test.step('Escape, which takes the selection away, too', async () => {
    await select();
    await page.keyboard.press('Escape');
    await expect(bar).toHaveCount(0);
    expect(await selection(page)).toBe('');
  });
  await test.step('scrolling', async () => {
    await select();
    await page.mouse.wheel(0, 60);
    await expectGone();
  });
});

test('a project has tiers and tags of its own; a tag that goes stays on what was tagged with it', async ({ page }) => {
  await page.request.post(`${server.url}/api/auth/sign-in/email`, {
    headers: { origin: server.url },
    data: { email: 'ada@example.org', password: 'a long enough password' },
  });
  await page.goto(`${server.url}${project}/settings`);
  await page.getByRole('textbox', { name: 'Tier 2' }).fill('Decent');
  await page.getByRole('combobox', { name: 'Colour of tier 2' }).selectOption('Green');
  await expect(page.getByText('so the number of tiers stays at 4')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove tier 1' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Save tiers' }).click();
  // People have judged with these names.
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByText('Tiers saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove tag 1' }).click();
  await page.getByRole('button', { name: 'Add a tag' }).click();
  await page.getByRole('textbox', { name: 'Tag 4' }).fill('Unhöflich');
  await page.getByRole('button', { name: 'Save tags' }).click();
  await expect(page.getByText('Issue tags saved.')).toBeVisible();
  await openBoard(page, server, project);
  await expect(page.getByRole('region', { name: 'Tier 2: Decent' })).toHaveAttribute('data-ramp', 'green');
  await expect(page.getByRole('region', { name: 'Tier 3: Weak' })).toHaveAttribute('data-ramp', '4');
  await toPlace(page).first().focus();
  await page.keyboard.press('t');
  await expect(page.getByRole('menuitemcheckbox')).toHaveText(['Unsafe', 'Off topic', 'Incomplete', 'Unhöflich']);
  await page.goto(`${server.url}${project}/annotate/mine`);
  await page.getByRole('link', { name: /^bridge/ }).click();
  await expect(card(page, 'millers')).toContainText('Tags: Wrong fact');
});

test('where names are hidden, marks are made and drawn in what is shown, and stored in what was written', async ({
  page,
}) => {
  const named = 'As ChatGPT, I say that the **tower** leans.';
  const other = 'I am Claude. The tower of the old mill stands straight.';
  const masked = await makeBoardProject(page, server, [
    {
      id: 'tower',
      prompt: 'Does it lean?',
      documents: [{ title: 'Page', text: 'It says: I am Claude. The tower of the old mill stands straight.' }],
      responses: [named, other],
    },
  ]);
  const changed = await page.request.patch(`${server.url}/api${masked}`, {
    headers: { origin: server.url },
    data: { hideSelfNames: true, baseVersion: 1 },
  });
  expect(changed.ok()).toBe(true);
  await openBoard(page, server, masked);
  const bar = page.getByRole('toolbar', { name: 'Highlight the selected text' });
  await page.getByRole('button', { name: 'Select text to highlight it' }).click();
  // The renderer of Markdown comes when it is needed; until then the asterisks are part of what is drawn.
  await expect(card(page, 'leans').locator('strong')).toBeVisible();
  await selectText(page, 'leans', 'hidden], I say that the tower');
  await bar.getByRole('button', { name: 'Wrong fact' }).click();
  await expect.poll(() => drawn(page, 'red')).toEqual(['[name hidden], I say that the tower']);
  await selectText(page, 'straight', 'mill stands');
  await bar.getByRole('button', { name: 'Off topic' }).click();
  await expect.poll(() => drawn(page, 'blue')).toEqual(['mill stands']);

  await test.step('in the comparison, in the dialog and in the documents', async () => {
    await card(page, 'straight').focus();
    await expect
      .poll(() => page.evaluate(() => [...(CSS.highlights.get('shared') ?? [])].map(String)))
      .toEqual(['The tower of the old mill stands straight']);
    await page.keyboard.press('d');
    await card(page, 'leans').focus();
    await page.keyboard.press('d');
    await expect(page.getByRole('region', { name: /^Comparison of/ })).toBeVisible();
    await expect.poll(() => drawn(page, 'red')).toEqual(['[name hidden], I say that the tower']);
    await expect.poll(() => drawn(page, 'blue')).toEqual(['mill stands']);
    await page.getByRole('button', { name: 'Close comparison' }).click();
    await card(page, 'leans').focus();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: /^Tags and highlights/ });
    await expect(dialog.getByRole('list').getByRole('listitem')).toHaveText([
      /\[name hidden\], I say that the \*\*tower/,
    ]);
    await expect(dialog.getByRole('textbox', { name: 'A passage' })).toHaveValue(/^As \[name hidden\], I/);
    await page.keyboard.press('Escape');
  });
  await expect(page.getByText('ChatGPT')).toHaveCount(0);

  await toPlace(page).first().focus();
  for (const key of ['1', '2', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByRole('heading', { name: 'You have judged every prompt' })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Save status' })).toHaveText('Saved');
  const exported = await page.request.get(`${server.url}/api${masked}/annotations/export`);
  const { marks } = JSON.parse(await exported.text()) as { marks: { text: string; start: number; end: number }[] };
  expect(marks).toContainEqual(expect.objectContaining({ text: 'ChatGPT, I say that the **tower', start: 3 }));
  expect(marks).toContainEqual(expect.objectContaining({ text: 'mill stands', start: other.indexOf('mill') }));
});
