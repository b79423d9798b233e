/** Reading first: how much of the screen is text, what never leaves it, and that keys act on what is read. */
import { expect, type Locator, type Page, test } from '@playwright/test';
import {
  chooseView,
  draggable,
  inTier,
  lastChange,
  makeBoardProject,
  openBoard,
  TIERS,
  toPlace,
} from '../board-project';
import { readingPrompts } from '../reading-prompts';
import { neverIdle, scriptBytes } from '../script-bytes';
import { startServer, type TestServer } from '../server';
import { stillBox } from '../still-box';

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

const SCREENS = {
  390: { width: 390, height: 844 },
  768: { width: 768, height: 1024 },
  1024: { width: 1024, height: 768 },
  1440: { width: 1440, height: 900 },
  1920: { width: 1920, height: 1080 },
  2560: { width: 2560, height: 1440 },
};

const kind = (id: string) => readingPrompts.find((prompt) => prompt.id === id)!;
const reading = (page: Page) => page.getByRole('region', { name: 'Reading' });
const panes = (page: Page) => page.locator('[data-reading-pane]');

/** The part of the screen, 0 to 1, in which the text of responses stands and is not cut off. */
const textShare = (page: Page) =>
  page.evaluate(() => {
    let area = 0;
    for (const element of document.querySelectorAll('[data-response-text]')) {
      let { top, bottom } = element.getBoundingClientRect();
      for (let box = element.parentElement; box; box = box.parentElement) {
        if (getComputedStyle(box).overflowY === 'visible') continue;
        const outer = box.getBoundingClientRect();
        [top, bottom] = [Math.max(top, outer.top, 0), Math.min(bottom, outer.bottom, innerHeight)];
      }
      area += Math.max(0, bottom - top) * element.getBoundingClientRect().width;
    }
    return area / (innerWidth * innerHeight);
  });

/** Characters in the lines of the first long paragraph that is read; the median of those that are full. */
const lineLength = (page: Page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('[data-response-text]')!, NodeFilter.SHOW_TEXT);
    let text = walker.nextNode() as Text;
    while (text.length < 300) text = walker.nextNode() as Text;
    const range = document.createRange();
    const lines = new Map<number, number>();
    for (let at = 0; at < Math.min(2000, text.length); at++) {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const top = Math.round(range.getBoundingClientRect().top);
      lines.set(top, (lines.get(top) ?? 0) + 1);
    }
    return [...lines.values()].toSorted((a, b) => a - b)[Math.floor(lines.size / 2)]!;
  });

const isOnScreen = (locator: Locator) =>
  locator.evaluateAll((elements) =>
    elements.every((element) => {
      const { left, right, top, bottom, height } = element.getBoundingClientRect();
      return height > 0 && left >= -1 && top >= -1 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
    }),
  );

test('the first board needs at most 220 KB of scripts: what is opened later is fetched later', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('short')]);
  const cold = await page.context().newPage();
  await cold.addInitScript(neverIdle);
  const bytes = await scriptBytes(cold, () => openBoard(cold, server, project));
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThanOrEqual(220 * 1024);
});

test('long responses are read: the shares of the screen, and the characters of a line', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('essays')]);
  const goals = { 390: 0.4, 1440: 0.45, 2560: 0.5 } as Record<string, number>;
  for (const [name, size] of Object.entries(SCREENS)) {
    await page.setViewportSize(size);
    await openBoard(page, server, project);
    await expect(reading(page)).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect.soft(await textShare(page), `share of text at ${name}`).toBeGreaterThanOrEqual(goals[name] ?? 0.4);
    if (size.width >= 1024) {
      const length = await lineLength(page);
      expect.soft(length, `characters a line at ${name}`).toBeGreaterThanOrEqual(65);
      expect.soft(length, `characters a line at ${name}`).toBeLessThanOrEqual(95);
    }
    const bar = page.getByRole('link', { name: 'Leave the board' }).locator('..');
    const dock = page.getByRole('group', { name: /^Place Response/ }).locator('..');
    expect.soft((await bar.boundingBox())!.height, `bar at ${name}`).toBeLessThanOrEqual(54);
    const buttons = await dock
      .getByRole('button')
      .evaluateAll((all) => all.map((button) => button.getBoundingClientRect()).filter(({ height }) => height > 0));
    expect.soft(new Set(buttons.map(({ bottom }) => Math.round(bottom))).size, `rows of the dock at ${name}`).toBe(1);
    if (size.width < 640) {
      for (const { height } of buttons) expect.soft(height, 'a thumb at 390').toBeGreaterThanOrEqual(44);
    }
  }
});

test('at twice the size the first screen holds a response', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('chat')]);
  await page.setViewportSize({ width: 720, height: 450 });
  await openBoard(page, server, project);
  const text = panes(page).first().locator('[data-response-text]');
  await expect(text).toBeInViewport();
  expect(await textShare(page)).toBeGreaterThan(0.2);
  await expect(page.getByRole('button', { name: '1 Excellent' })).toBeInViewport();
});

test('the tiers are on screen wherever the person has scrolled to', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('essays')]);
  for (const view of ['focus', 'board'] as const) {
    await chooseView(page, view);
    for (const name of ['390', '768', '1440'] as const) {
      await page.setViewportSize(SCREENS[name]);
      await openBoard(page, server, project);
      const tiers =
        name === '390'
          ? page.getByRole('group', { name: /^Place Response/ }).getByRole('button')
          : page.locator('[data-tiers] > section');
      const scrollers = page.locator('[data-reading-pane], [data-area], [data-board-body], [data-prompt] > div');
      for (let step = 0; step < 6; step++) {
        expect.soft(await isOnScreen(tiers), `${view}, ${name}, after ${step} screens`).toBe(true);
        await scrollers.evaluateAll((all) => {
          for (const scroller of all) scroller.scrollBy(0, innerHeight);
        });
      }
    }
  }
});

test('twelve placed responses and all tiers fit one screen, and each opens in the reading pane', async ({ page }) => {
  const tiers = ['Superb', 'Great', 'Good', 'Fair', 'Weak', 'Poor', 'Harmful'];
  const project = await makeBoardProject(page, server, [kind('twelve')], { tiers });
  await page.setViewportSize(SCREENS[1440]);
  await chooseView(page, 'board');
  await openBoard(page, server, project);
  for (let n = 0; n < 12; n++) await page.keyboard.press(String((n % 7) + 1));
  await expect(toPlace(page)).toHaveCount(0);
  const chips = page.locator('[data-tiers]').getByRole('group', { name: /^Response / });
  await expect(chips).toHaveCount(12);
  expect(await isOnScreen(chips)).toBe(true);
  expect(await isOnScreen(page.locator('[data-tiers] > section'))).toBe(true);
  await chips.nth(4).focus();
  const name = await chips.nth(4).getAttribute('aria-label');
  await page.keyboard.press('Space');
  await expect(reading(page).getByRole('group', { name: name!, exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chips.nth(4)).toBeFocused();
});

test('keys act on what is read, from the first moment', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('instructions')]);
  await page.setViewportSize(SCREENS[1440]);
  await chooseView(page, 'board');
  await openBoard(page, server, project);
  await page.keyboard.press('Space');
  await expect(
    page.getByRole('group', { name: 'Response A' }).getByRole('button', { name: /^Show less/ }),
  ).toBeVisible();
});

test.describe('a response that is not in view', () => {
  test('is not placed: what was scrolled to is active, and a key shows its target before it acts', async ({ page }) => {
    const project = await makeBoardProject(page, server, [kind('twelve')]);
    await page.setViewportSize({ width: 1440, height: 600 });
    await chooseView(page, 'board');
    await openBoard(page, server, project);
    await toPlace(page).first().focus();

    await test.step('scrolling to another one activates it', async () => {
      await page.locator('[data-area]').evaluate((area) => area.scrollTo(0, area.scrollHeight));
      // Its name is coloured while keys act on it.
      await expect(toPlace(page).first().locator('p').first()).not.toHaveClass(/text-accent/);
      await page.keyboard.press('1');
      await expect(lastChange(page)).toContainText(': Excellent. 11 left to place.');
      await expect(lastChange(page)).not.toContainText('Response A');
    });

    await test.step('a key that comes before the scroll was noticed places nothing', async () => {
      await toPlace(page).first().focus();
      const before = await toPlace(page).count();
      await page.locator('[data-area]').evaluate((area) => {
        area.scrollTo(0, area.scrollHeight);
        window.dispatchEvent(new KeyboardEvent('keydown', { key: '2', code: 'Digit2', bubbles: true }));
      });
      await expect(lastChange(page)).toHaveText('Response A is in view now. Press again to place it.');
      await expect(toPlace(page)).toHaveCount(before);
      await expect(toPlace(page).first()).toBeInViewport();
      await page.keyboard.press('2');
      await expect(lastChange(page)).toHaveText('Response A: Good. 10 left to place.');
    });
  });

  test('on a phone the open prompt may hide it; the dock shows it first', async ({ page }) => {
    const project = await makeBoardProject(page, server, [kind('instructions')]);
    await page.setViewportSize({ width: 390, height: 340 });
    await chooseView(page, 'focus');
    await openBoard(page, server, project);
    await page.getByRole('button', { name: 'Show the whole prompt' }).click();
    await page.locator('[data-board-body]').evaluate((body) => body.scrollTo(0, 0));
    await page.getByRole('button', { name: '1 Excellent' }).click();
    await expect(lastChange(page)).toHaveText('Response A is in view now. Press again to place it.');
    await expect(panes(page)).toBeInViewport();
    await page.getByRole('button', { name: '1 Excellent' }).click();
    await expect(lastChange(page)).toHaveText('Response A: Excellent. 1 left to place.');
  });
});

test('the focus view, as a screen reader says it', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('chat'), kind('short')]);
  await page.setViewportSize(SCREENS[1440]);
  await openBoard(page, server, project);
  await expect(reading(page)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Responses' }).getByRole('button')).toHaveText(['A', 'B', 'C']);
  const said: string[] = [];
  const press = async (key: string) => {
    await page.keyboard.press(key);
    await page.waitForTimeout(150);
    said.push(`${key}: ${await lastChange(page).textContent()}`);
  };
  await page.getByRole('button', { name: 'Skip to the responses' }).focus();
  await page.keyboard.press('Enter');
  await expect(reading(page).getByRole('group', { name: 'Response A', exact: true })).toBeFocused();
  for (const key of ['2', 'ArrowRight', 'd', 'ArrowLeft', 'd', 'p', '1', 'Escape', 'u', 'f', 'f', 'v', 'v', 'x']) {
    await press(key);
  }
  expect(said).toEqual([
    '2: Response A: Good. 2 left to place.',
    'ArrowRight: Response A: Good. 2 left to place.',
    'd: Response C is pinned. Choose another response to compare it with.',
    'ArrowLeft: Response C is pinned. Choose another response to compare it with.',
    'd: Comparing Response C and Response B.',
    'p: Comparing Response A and Response B.',
    '1: Response B: Excellent. 1 left to place.',
    'Escape: Comparison closed.',
    'u: Response B: not placed. 2 left to place.',
    'f: This prompt is flagged.',
    'f: This prompt is no longer flagged.',
    'v: Board view.',
    'v: Focus view.',
    'x: All are bad: on.',
  ]);
  await expect(
    page.getByRole('list', { name: 'Responses' }).getByRole('button', { name: 'Response A, Good' }),
  ).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Prompt short' })).toBeFocused();
  await page.keyboard.press('b');
  await expect(lastChange(page)).toHaveText('Back at the previous prompt, chat.');
});

test('any number is compared that the width holds, and differences only where enough is shared', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('near-equal')]);
  await page.setViewportSize(SCREENS[1440]);
  await openBoard(page, server, project);
  const strip = page.getByRole('list', { name: 'Responses' });
  const shares = async () => page.evaluate(() => [...(CSS.highlights.get('difference') ?? [])].map(String));
  await strip.getByRole('button', { name: /^Response A/ }).click();
  await page.keyboard.press('d');
  await strip.getByRole('button', { name: /^Response B/ }).click();
  await page.keyboard.press('d');
  const seen: boolean[] = [];
  for (let pair = 0; pair < 3; pair++) {
    await expect(page.getByRole('status', { name: 'Differences' })).not.toHaveText(/^Comparing/);
    await expect
      .poll(
        async () =>
          (await page.getByRole('checkbox', { name: 'Show differences' }).isChecked()) === (await shares()).length > 0,
      )
      .toBe(true);
    const isOn = await page.getByRole('checkbox', { name: 'Show differences' }).isChecked();
    seen.push(isOn);
    if (isOn)
      expect(new Set((await shares()).flatMap((text) => text.split(/\s+/)))).toEqual(new Set(['stone', 'wooden']));
    else await expect(page.getByRole('status', { name: 'Differences' })).toHaveText(/share too little/);
    await page.getByRole('button', { name: 'Next pair' }).click();
  }
  // One of the three pairs is nearly the same text, two are not.
  expect(seen.filter(Boolean)).toEqual([true]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: /^Comparison/ })).toHaveCount(0);

  await page.setViewportSize(SCREENS[2560]);
  await strip.getByRole('button', { name: /^Response A/ }).click();
  await page.keyboard.press('d');
  await strip.getByRole('button', { name: /^Response C/ }).click();
  await page.keyboard.press('d');
  await strip.getByRole('button', { name: /^Response B/ }).click();
  await expect(
    page.getByRole('region', { name: 'Comparison of Response A, Response C, and Response B' }),
  ).toBeVisible();
  await expect(panes(page)).toHaveCount(3);
  expect(await isOnScreen(panes(page))).toBe(true);
});

test('a letter is dragged from what is read to a tier, and on the dock', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('code')]);
  await page.setViewportSize(SCREENS[1440]);
  await openBoard(page, server, project);
  await panes(page).first().hover();
  await draggable(page);
  const drag = async (from: Locator, to: Locator) => {
    const [a, b] = [await stillBox(from), await stillBox(to)];
    await page.mouse.move(a.x + a.width / 2, a.y + a.height / 2);
    await page.mouse.down();
    await page.mouse.move(b.x + b.width / 2, b.y + b.height / 2, { steps: 6 });
    await expect(to).toHaveAttribute('data-drop', '');
    await page.mouse.up();
  };
  const letters = panes(page).locator('[data-drag]');
  await drag(letters.nth(0), page.getByRole('region', { name: 'Tier 2: Good' }));
  await expect(lastChange(page)).toHaveText('Response A: Good. 3 left to place.');
  await drag(letters.nth(1), page.getByRole('button', { name: `4 ${TIERS[3]}` }));
  await expect(lastChange(page)).toHaveText('Response B: Unacceptable. 2 left to place.');
  // And a chip from tier to tier.
  await drag(
    page.getByRole('region', { name: 'Tier 2: Good' }).locator('[data-drag]'),
    page.getByRole('region', { name: 'Tier 1: Excellent' }),
  );
  await expect(lastChange(page)).toHaveText('Response A: Excellent. 2 left to place.');
  await page.keyboard.press('v');
  await expect(inTier(page, 'Excellent')).toHaveCount(1);
});

test('the view is chosen by length, by one key, and remembered', async ({ page }) => {
  const project = await makeBoardProject(page, server, [kind('short'), kind('essays')]);
  await page.setViewportSize(SCREENS[1440]);
  await openBoard(page, server, project);
  await expect(toPlace(page)).toHaveCount(5);
  for (const key of ['1', '1', '2', '3', '4', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByRole('heading', { level: 1, name: 'Prompt essays' })).toBeVisible();
  await expect(reading(page)).toBeVisible();
  await page.keyboard.press('v');
  await expect(toPlace(page)).toHaveCount(4);
  await page.reload();
  await expect(toPlace(page)).toHaveCount(4);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Choose the view by length' }).click();
  await expect(reading(page)).toBeVisible();
});
