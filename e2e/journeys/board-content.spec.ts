/** What the board shows: Markdown, code, formulas, chats, documents, right-to-left and CJK texts, and comparisons. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import {
  type BoardPrompt,
  chooseView,
  inTier,
  lastChange,
  makeBoardProject,
  openBoard,
  toPlace,
  words,
} from '../board-project';
import { startServer, type TestServer } from '../server';

const prompts: BoardPrompt[] = [
  {
    id: 'formatted',
    prompt: [
      { role: 'system', content: 'Answer shortly.' },
      { role: 'user', content: 'How do I solve $x^2 = 4$?' },
      { role: 'assistant', content: 'Do you want code?' },
      { role: 'user', content: 'Yes, please.' },
    ],
    responses: [
      'Take **both** roots:\n\n```js\nMath.sqrt(4)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![pixel](https://tracker.example/p.png) [more](https://example.org/a) <img src=x onerror="document.title=1">',
      'A man sleeps, so nobody runs.\n#### entailment',
      'يمكنك حل المعادلة بأخذ الجذر: x = ±2.',
      '可以对两边开平方，得到正负二。这就是答案。',
      `It costs $5 and not $10. ${words(400, 3)}`,
    ],
  },
  {
    id: 'documents',
    prompt: 'When was the footbridge reopened?',
    documents: [
      { title: 'Bridges', text: 'The oldest was built by millers in 1731.' },
      { title: 'Open again', text: 'The footbridge was reopened on 3 May 2016 after two years.' },
    ],
    responses: ['It was reopened on 3 May 2016 [2].', 'In 1731, as document 1 says.'],
  },
];

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

test('texts are readable, whatever they hold, and nothing is fetched for them', async ({ page }) => {
  await chooseView(page, 'board');
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
  });
  const project = await makeBoardProject(page, server, prompts);
  await openBoard(page, server, project);
  const holding = (text: string) => toPlace(page).filter({ hasText: text });

  await test.step('Markdown, code and tables', async () => {
    const card = holding('both');
    const showAll = card.getByRole('button', { name: 'Show all' });
    if (await showAll.isVisible()) await showAll.click();
    await expect(card.locator('strong')).toHaveText('both');
    await expect(card.getByRole('region', { name: 'Code' })).toHaveText(/Math\.sqrt\(4\)/);
    await expect(card.getByRole('table')).toBeVisible();
    await expect(card.getByRole('link', { name: 'more' })).toHaveAttribute('rel', /noopener/);
    await expect(card.locator('img')).toHaveCount(0);
    await expect(card).toContainText('Image: pixel (https://tracker.example/p.png)');
    await expect(card).toContainText('<img src=x onerror=');
    await expect(page).not.toHaveTitle('1');
  });

  await test.step('what is no Markdown stays as it was written', async () => {
    await expect(holding('#### entailment').getByRole('heading')).toHaveCount(0);
    await expect(holding('It costs $5 and not $10.').locator('math')).toHaveCount(0);
  });

  await test.step('the chat is a chat, with its formula drawn', async () => {
    const turns = page.getByRole('list', { name: 'Chat' }).getByRole('listitem');
    await expect(turns).toHaveText([/^System promptAnswer/, /^User/, /^Assistant/, /^User/]);
    await expect(turns.nth(1).locator('math')).toBeAttached();
  });

  await test.step('Arabic runs right to left', async () => {
    const text = holding('يمكنك').locator('[dir="auto"]');
    await expect(text).toHaveCSS('direction', 'rtl');
    const { left, right } = await text.evaluate((element) => {
      const range = document.createRange();
      range.selectNodeContents(element.querySelector('p') ?? element);
      const line = range.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      return { left: line.left - box.left, right: box.right - line.right };
    });
    expect(right).toBeLessThan(left);
  });

  await test.step('a long text folds; Space opens the one in focus', async () => {
    const card = holding('It costs');
    await card.focus();
    const folded = await card.evaluate((element) => element.clientHeight);
    await page.keyboard.press('Space');
    await expect(card.getByRole('button', { name: 'Show less' })).toBeVisible();
    expect(await card.evaluate((element) => element.clientHeight)).toBeGreaterThan(folded * 2);
    await page.keyboard.press('Space');
    await expect(card.getByRole('button', { name: 'Show all' })).toBeVisible();
  });
  expect(outside).toEqual([]);
});

test('a chat opens at its last user turn, with the earlier ones above it', async ({ page }) => {
  const project = await makeBoardProject(page, server, [
    {
      id: 'chat',
      prompt: [
        { role: 'system', content: `Answer shortly. ${words(120, 7)}` },
        { role: 'user', content: words(300, 8) },
        { role: 'assistant', content: `**Here** it is:\n\n${'```js\nMath.sqrt(4)\n```\n\n'.repeat(12)}` },
        { role: 'user', content: `And now? ${words(600, 9)}` },
        { role: 'assistant', content: 'One moment.' },
      ],
      responses: ['One.', 'Two.'],
    },
  ]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await openBoard(page, server, project);
  const turns = page.getByRole('list', { name: 'Chat' }).getByRole('listitem');
  /** How far below the top of what scrolls it the last user turn begins. */
  const offset = () =>
    turns.nth(3).evaluate((turn) => {
      let scroller = turn.parentElement;
      while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement;
      return scroller && Math.round(turn.getBoundingClientRect().top - scroller.getBoundingClientRect().top);
    });
  await expect.poll(offset).toBe(0);
  // What is formatted later, above it, does not push it away.
  await expect(turns.nth(2).locator('strong')).toHaveText('Here');
  await expect.poll(offset).toBe(0);
  await turns.nth(3).hover();
  await page.mouse.wheel(0, -20_000);
  await expect(turns.first()).toBeInViewport();
  const system = turns.first().getByText('Answer shortly.');
  const user = turns.nth(1).getByText('river').first();
  const ink = (element: typeof user) =>
    element.evaluate((node) => [getComputedStyle(node).color, getComputedStyle(node).fontSize]);
  expect(await ink(system)).toEqual(await ink(user));
});

test('documents can be searched, and what a response took from them is marked', async ({ page }) => {
  const project = await makeBoardProject(page, server, prompts.slice(1));
  await chooseView(page, 'board');
  await page.setViewportSize({ width: 1440, height: 900 });
  await openBoard(page, server, project);
  const marked = (name: string) =>
    page.evaluate((key) => [...(CSS.highlights.get(key) ?? [])].map((range) => String(range)), name);

  const citing = toPlace(page).filter({ hasText: '3 May' });
  const titles = page.getByRole('region', { name: 'Documents' }).locator('summary');
  await citing.focus();
  await expect.poll(() => marked('shared')).toEqual(['was reopened on 3 May 2016']);
  await expect(titles.nth(1)).toContainText(`6 words shared with ${await citing.getAttribute('aria-label')}`);
  await expect(titles.nth(1)).toHaveAccessibleDescription('“was reopened on 3 May 2016”');
  await expect(titles.nth(0)).not.toContainText('shared');
  await toPlace(page).filter({ hasText: '1731' }).focus();
  await expect.poll(() => marked('shared')).toEqual([]);
  await expect(titles.nth(1)).not.toContainText('shared');

  await citing.getByRole('button', { name: 'Open document 2' }).click();
  await expect(titles.nth(1)).toBeFocused();
  await expect(titles.nth(1).locator('..')).toHaveAttribute('open', '');
  await expect(page.getByText('The footbridge was reopened')).toBeInViewport();

  const search = page.getByRole('searchbox', { name: 'Search the documents' });
  await search.fill('THE');
  await expect(page.getByRole('status', { name: 'Search results' })).toHaveText('1 of 2');
  await expect.poll(() => marked('search')).toEqual(['The', 'The']);
  await search.press('Enter');
  await expect(page.getByRole('status', { name: 'Search results' })).toHaveText('2 of 2');
  await search.fill('nowhere');
  await expect(page.getByRole('status', { name: 'Search results' })).toHaveText('Nothing found');
});

const differences = (page: Page) =>
  page.evaluate(() => [...(CSS.highlights.get('difference') ?? [])].map(String).sort());

test('two responses are compared word by word, scrolled as one and placed from there', async ({ page }) => {
  const text = words(1500, 5);
  const project = await makeBoardProject(page, server, [
    { id: 'long', prompt: 'Tell a story.', responses: [text, text.replace('stone', 'wooden'), 'Another story.'] },
  ]);
  await chooseView(page, 'board');
  await openBoard(page, server, project);
  const first = await toPlace(page)
    .filter({ hasText: /^Response \w.*river/s })
    .first()
    .getAttribute('aria-label');
  const second = await toPlace(page)
    .filter({ hasText: /^Response \w.*river/s })
    .last()
    .getAttribute('aria-label');
  await page.getByRole('group', { name: first ?? '', exact: true }).focus();
  await page.keyboard.press('d');
  await expect(lastChange(page)).toHaveText(`${first} is pinned. Choose another response to compare it with.`);
  await page.getByRole('group', { name: second ?? '', exact: true }).focus();
  await page.keyboard.press('d');
  const comparison = page.getByRole('region', { name: `Comparison of ${first} and ${second}` });
  await expect.poll(() => differences(page)).toEqual(['stone', 'wooden']);

  const panes = comparison.getByRole('group');
  await expect(panes.nth(1)).toBeFocused();
  await panes.nth(1).evaluate((pane) => {
    pane.scrollTop = 900;
  });
  await expect.poll(() => panes.nth(0).evaluate((pane) => Math.round(pane.scrollTop))).toBeGreaterThan(700);

  await page.keyboard.press('1');
  await expect(lastChange(page)).toHaveText(`${second}: Excellent. 2 left to place.`);
  await expect(panes.nth(0)).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(panes.nth(1)).toBeFocused();
  await page.keyboard.press('d');
  await expect(comparison).toHaveCount(0);
  await expect(inTier(page, 'Excellent')).toHaveCount(1);
});

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
}

test('no accessibility violation in formatted texts, the comparison and the dialogs, light and dark', async ({
  page,
}) => {
  const project = await makeBoardProject(page, server, [{ ...prompts[1]!, ...prompts[0]!, id: 'axe' }]);
  await chooseView(page, 'board');
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1440]) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      await openBoard(page, server, project);
      await page.waitForLoadState('networkidle');
      const where = `${colorScheme}, ${width} px`;
      for (let n = await page.getByRole('button', { name: 'Show all' }).count(); n > 0; n--) {
        await page.getByRole('button', { name: 'Show all' }).first().click();
      }
      expect.soft(await violations(page), `board, ${where}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(overflow, `pixels beyond the right edge: ${where}`).toBeLessThanOrEqual(0);
      for (const card of [0, 1]) {
        await toPlace(page).nth(card).focus();
        await page.keyboard.press('d');
      }
      await expect(page.getByRole('region', { name: /^Comparison of/ })).toBeVisible();
      expect.soft(await violations(page), `comparison, ${where}`).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('v');
      await expect(page.getByRole('region', { name: 'Reading' })).toBeVisible();
      expect.soft(await violations(page), `focus, ${where}`).toEqual([]);
      await page.keyboard.press('v');
      for (const key of ['?', 's']) {
        await page.keyboard.press(key);
        await expect(page.getByRole('dialog')).toBeVisible();
        expect.soft(await violations(page), `dialog ${key}, ${where}`).toEqual([]);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
    }
  }
});

test('a text that is being selected is not changed under the pointer', async ({ page }) => {
  // What workers say is heard when the test says so, from their first word on: no limit of theirs runs meanwhile.
  await page.addInitScript(() => {
    let held: (() => void)[] | null = [];
    const { set } = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage')!;
    Object.defineProperty(Worker.prototype, 'onmessage', {
      configurable: true,
      set(listener: (event: MessageEvent) => void) {
        set!.call(this, (event: MessageEvent) => (held ? held.push(() => listener(event)) : listener(event)));
      },
    });
    Object.assign(window, {
      release: () => {
        const waiting = held ?? [];
        held = null;
        for (const hear of waiting) hear();
      },
    });
  });
  const project = await makeBoardProject(page, server, [
    { id: 'tower', prompt: 'Why?', responses: ['The **tower** leans to the south.', 'No.'] },
  ]);
  // Wide enough for both panes: which of the two comes first differs from person to person.
  await page.setViewportSize({ width: 1440, height: 900 });
  await chooseView(page, 'focus');
  await openBoard(page, server, project);
  const text = page.getByText('The **tower** leans to the south.', { exact: true });
  const box = (await text.boundingBox())!;
  await page.mouse.move(box.x + 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 10, { steps: 4 });
  const selected = () => page.evaluate(() => String(getSelection()));
  const words = await selected();
  expect(words).toMatch(/^The \*\*/);
  await page.evaluate(() => (window as unknown as { release(): void }).release());
  await page.waitForTimeout(1000);
  await page.mouse.up();
  await page.waitForTimeout(300);
  expect(await selected()).toBe(words);
  await expect(text).toBeVisible();
  // Let go, it is formatted.
  await page.getByRole('heading', { level: 1 }).click();
  await expect(page.locator('strong', { hasText: 'tower' })).toBeVisible();
});
