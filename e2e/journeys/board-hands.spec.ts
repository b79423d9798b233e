/** The board by keyboard alone, by the accessibility tree alone, and by touch. */
import { type CDPSession, expect, type Locator, type Page, test } from '@playwright/test';
import {
  chooseView,
  draggable,
  inTier,
  lastChange,
  makeBoardProject,
  openBoard,
  TIERS,
  toPlace,
  words,
} from '../board-project';
import { startServer, type TestServer } from '../server';
import { stillBox } from '../still-box';

const five = (id: string) => ({
  id,
  prompt: 'Which number follows 4?',
  responses: ['Five.', 'It is five.', '5, since counting goes up by one.', 'Six.', 'No number does.'],
});

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

const saved = (page: Page) => expect(page.getByRole('status', { name: 'Save status' })).toHaveText('Saved');
const prompt = (page: Page, id: string) => page.getByRole('heading', { level: 1, name: `Prompt ${id}` });

test('five responses take six key presses', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('first'), five('second')]);
  await openBoard(page, server, project);
  let presses = 0;
  const press = async (key: string) => {
    presses++;
    await page.keyboard.press(key);
  };
  for (const key of ['1', '1', '2', '3', '4', 'Enter']) await press(key);
  await expect(prompt(page, 'second')).toBeVisible();
  await saved(page);
  expect(presses).toBeLessThanOrEqual(7);
  const stored = await page.request.get(`${server.url}/api${project}/annotations/mine`);
  expect((await stored.json()).annotations).toMatchObject([{ summary: { placed: 5, cannotJudge: 0, notJudged: 0 } }]);
});

// Without `data-exiting:animate-none` in components/ui/dialog.tsx, about half of these keys go to a dialog that is
// closed already and waits for the end of its entry.
test('a key right after Escape is the board’s, even while the dialog still came up', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('quick')]);
  await openBoard(page, server, project);
  await page.keyboard.press('1');
  await expect(lastChange(page)).toHaveText('Response A: Excellent. 4 left to place.');
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press(n % 2 === 0 ? 'u' : 'r');
    await expect(inTier(page, 'Excellent')).toHaveCount(n % 2);
  }
});

test('seven tiers and twelve responses', async ({ page }) => {
  const tiers = ['Superb', 'Great', 'Good', 'Fair', 'Weak', 'Poor', 'Harmful'];
  const twelve = { id: 'twelve', prompt: 'Count.', responses: Array.from({ length: 12 }, (_, i) => `Answer ${i}`) };
  const project = await makeBoardProject(page, server, [twelve, five('after')], { tiers });
  await openBoard(page, server, project);
  for (let i = 0; i < 12; i++) await page.keyboard.press(String((i % 7) + 1));
  await expect(toPlace(page)).toHaveCount(0);
  await expect(inTier(page, 'Harmful')).toHaveCount(1);
  await expect(inTier(page, 'Superb')).toHaveCount(2);
  await page.keyboard.press('Enter');
  await expect(prompt(page, 'after')).toBeVisible();
});

test('undo, redo, can’t judge, un-place, all bad', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('keys')]);
  await openBoard(page, server, project);
  await page.keyboard.press('2');
  await expect(lastChange(page)).toHaveText('Response A: Good. 4 left to place.');
  await page.keyboard.press('u');
  await expect(lastChange(page)).toHaveText('Response A: not placed. 5 left to place.');
  await page.keyboard.press('r');
  await expect(inTier(page, 'Good')).toHaveCount(1);
  await page.keyboard.press('c');
  await expect(lastChange(page)).toHaveText('Response B: Can’t judge. 3 left to place.');
  await page.getByRole('group', { name: 'Response A', exact: true }).focus();
  await page.keyboard.press('0');
  await expect(toPlace(page)).toHaveCount(4);
  await page.keyboard.press('x');
  await expect(page.getByRole('button', { name: 'All are bad' })).toHaveAttribute('aria-pressed', 'true');
  // That speaks of every response, so the four that are not placed are not asked about.
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'You have judged every prompt' })).toBeVisible();
});

test('keys can be changed, conflicts are refused, and a reload keeps them', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('rebind')]);
  await openBoard(page, server, project);
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.getByRole('button', { name: /change the key for: Place in Excellent/ }).click();
  await page.keyboard.press('u');
  await expect(dialog.getByRole('status', { name: 'Key change' })).toContainText('already used for: Undo');
  await page.keyboard.press('q');
  await expect(dialog.getByRole('status', { name: 'Key change' })).toHaveText('Place in Excellent: Q.');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.reload();
  await expect(prompt(page, 'rebind')).toBeVisible();
  await page.keyboard.press('1');
  await expect(toPlace(page)).toHaveCount(5);
  await page.keyboard.press('q');
  await expect(inTier(page, 'Excellent')).toHaveCount(1);
  await page.keyboard.press('?');
  await dialog.getByRole('button', { name: 'Reset keys' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.keyboard.press('1');
  await expect(inTier(page, 'Excellent')).toHaveCount(2);
});

test('a prompt is skipped with a reason, flagged, and returned to', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('hard'), five('easy')]);
  await openBoard(page, server, project);
  await page.keyboard.press('f');
  await expect(page.getByRole('button', { name: 'Flag this prompt' })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('s');
  await page.getByRole('radio', { name: 'It needs knowledge I don’t have' }).check();
  await page.keyboard.press('Enter');
  await expect(prompt(page, 'easy')).toBeVisible();
  await expect(page.getByText('0 of 2', { exact: true })).toBeVisible();
  for (const key of ['1', '1', '2', '3', '4', 'Enter']) await page.keyboard.press(key);
  await expect(page.getByText('You skipped one prompt.')).toBeVisible();
  await page.getByRole('link', { name: 'View your work' }).click();
  const skipped = page.getByRole('region', { name: 'Skipped' });
  await expect(skipped).toContainText('It needs knowledge I don’t have');
  await skipped.getByRole('link', { name: /hard/ }).click();
  await expect(prompt(page, 'hard')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Flag this prompt' })).toHaveAttribute('aria-pressed', 'true');
  for (const key of ['1', '2', '3', '4', '4']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByRole('list', { name: '2 annotations' })).toBeVisible();
  await expect(skipped).toHaveCount(0);
});

/** What a screen reader says of the element in focus: from the browser's accessibility tree, not from the DOM. */
async function focused(cdp: CDPSession): Promise<string> {
  const { nodes } = await cdp.send('Accessibility.getFullAXTree');
  const node = nodes.findLast(({ properties }) =>
    properties?.some(({ name, value }) => name === 'focused' && value.value === true),
  );
  return `${node?.role?.value} ${node?.name?.value}`.trim();
}

test('by the accessibility tree alone: focus order, names, spoken placements', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('spoken'), five('next')]);
  await openBoard(page, server, project);
  const cdp = await page.context().newCDPSession(page);
  const order: string[] = [];
  for (let tab = 0; tab < 60 && !order.at(-1)?.startsWith('group'); tab++) {
    await page.keyboard.press('Tab');
    order.push(await focused(cdp));
  }
  expect(order).toContain('button Undo'.replace('Undo', 'Flag this prompt'));
  expect(order.indexOf('button Flag this prompt')).toBeLessThan(order.indexOf('button Skip this prompt'));
  expect(order.at(-1)).toBe('group Response A');

  for (const [i, tier] of [1, 2, 2, 4].entries()) {
    await page.keyboard.press(String(tier));
    const letter = 'ABCD'[i];
    await expect(page.getByRole('status', { name: 'Last change' })).toHaveText(
      `Response ${letter}: ${TIERS[tier - 1]}. ${4 - i} left to place.`,
    );
    await expect.poll(() => focused(cdp)).toBe(`group Response ${'BCDE'[i]}`);
  }
  // The last one by its menu, as somebody does who knows no keys.
  await page.keyboard.press('Tab');
  expect(await focused(cdp)).toBe('button Tags for Response E');
  await page.keyboard.press('Tab');
  expect(await focused(cdp)).toBe('button Move Response E');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu', { name: 'Move Response E' })).toBeVisible();
  await expect.poll(() => focused(cdp)).toBe('menuitem Excellent');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(cdp)).toBe('menuitem Good');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Last change' })).toHaveText('Response E: Good. All are placed.');
  await expect.poll(() => focused(cdp)).toBe('group Response E');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Prompt next' })).toBeFocused();
});

test('a card flicked faster than frames are drawn lies where the mouse let go', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('flick')]);
  await openBoard(page, server, project);
  const card = toPlace(page).first();
  await card.hover();
  await draggable(page);
  const lane = page.getByRole('region', { name: 'Tier 2: Good' });
  const [from, to] = [await stillBox(card), await stillBox(lane)];
  const cdp = await page.context().newCDPSession(page);
  const mouse = (type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', x: number, y: number) =>
    cdp.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons: 1, clickCount: 1 });
  // Nobody waits for an answer in between, so all of it may reach the page before its next frame.
  await Promise.all([
    mouse('mousePressed', from.x + 40, from.y + 12),
    mouse('mouseMoved', from.x + 60, from.y + 12),
    mouse('mouseMoved', to.x + 60, to.y + 20),
    mouse('mouseReleased', to.x + 60, to.y + 20),
  ]);
  await expect(inTier(page, 'Good')).toHaveCount(1);
  await expect(toPlace(page)).toHaveCount(4);
  // And an ordinary drag, with the lane lit up under the card.
  await page.mouse.move(from.x + 40, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(to.x + 60, to.y + 20, { steps: 5 });
  await expect(lane).toHaveAttribute('data-drop', '');
  await page.mouse.up();
  await expect(inTier(page, 'Good')).toHaveCount(2);
  await expect(lane).not.toHaveAttribute('data-drop');
  await expect(page.getByRole('group', { name: /^Response / })).toHaveCount(5);
});

test('a drag that comes before dragging is loaded selects no text', async ({ page }) => {
  const project = await makeBoardProject(page, server, [five('early')]);
  // What drags is a part of its own, and does not come here.
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    const response = await route.fetch();
    return (await response.text()).includes('dnd-kit') ? route.abort() : route.fulfill({ response });
  });
  const selectedByDragging = async () => {
    const { x, y, width } = await stillBox(toPlace(page).first().locator('[data-response-text]'));
    await page.mouse.move(x + 4, y + 8);
    await page.mouse.down();
    await page.mouse.move(x + width, y + 8, { steps: 4 });
    await page.mouse.up();
    return page.evaluate(() => String(getSelection()).trim());
  };
  await openBoard(page, server, project);
  await expect(page.locator('[data-draggable]')).toHaveCount(0);
  expect(await selectedByDragging()).toBe('');
  // The control: without that rule the same drag selects.
  await page.addStyleTag({ content: '[data-drag], [data-drag] * { user-select: text !important; }' });
  expect(await selectedByDragging()).not.toBe('');
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  const middle = async (locator: Locator) => {
    const box = await locator.boundingBox();
    if (!box) throw new Error('It is not on the page.');
    return { x: box.x + box.width / 2, y: box.y + Math.min(30, box.height / 2) };
  };
  const pause = (page: Page, ms: number) => page.evaluate((wait) => new Promise((done) => setTimeout(done, wait)), ms);

  test('a swipe scrolls, a long press drags with auto-scroll, two taps place', async ({ page }) => {
    const responses = [...five('').responses.slice(0, 4), `${words(300, 2)}`];
    const project = await makeBoardProject(page, server, [{ ...five('touch'), responses }, five('then')]);
    // A page that is never idle: a finger gives no notice, so dragging must not wait for one.
    await page.addInitScript(() => {
      window.requestIdleCallback = () => 0;
    });
    await chooseView(page, 'board');
    await openBoard(page, server, project);
    const cdp = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', point?: { x: number; y: number }) =>
      cdp.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] });
    const board = page.locator('[data-board-body]');
    const scrolled = () => board.evaluate((element) => element.scrollTop);
    await draggable(page);

    await test.step('a swipe over a card scrolls the page and moves no card', async () => {
      const at = await middle(toPlace(page).nth(1));
      await touch('touchStart', at);
      for (let y = 0; y <= 200; y += 20) await touch('touchMove', { x: at.x, y: at.y - y });
      await touch('touchEnd');
      await expect.poll(scrolled).toBeGreaterThan(100);
      await expect(toPlace(page)).toHaveCount(5);
      // The page may coast on after the finger has left.
      await expect
        .poll(async () => {
          await board.evaluate((element) => element.scrollTo(0, 0));
          await pause(page, 150);
          return scrolled();
        })
        .toBe(0);
    });

    await test.step('a long press takes the card; at the edge the page comes along', async () => {
      const card = toPlace(page).first();
      const name = await card.getAttribute('aria-label');
      const at = await middle(card);
      await touch('touchStart', at);
      await pause(page, 350);
      const before = await scrolled();
      for (let step = 1; step <= 6; step++) await touch('touchMove', { x: at.x, y: at.y + step * 5 });
      // The finger moves, the page does not.
      expect(await scrolled()).toBe(before);
      const lane = page.getByRole('region', { name: 'Tier 4: Unacceptable' });
      const edge = { x: at.x, y: 700 };
      for (let tries = 0; tries < 120; tries++) {
        const box = await lane.boundingBox();
        if (box && box.y + 20 < 640) break;
        await touch('touchMove', { x: edge.x, y: edge.y + (tries % 2) });
        await pause(page, 50);
      }
      expect(await scrolled()).toBeGreaterThan(before);
      const target = await middle(lane);
      for (let step = 0; step < 4; step++) await touch('touchMove', { x: target.x + step, y: target.y });
      await pause(page, 80);
      const box = await lane.boundingBox();
      await touch('touchMove', { x: target.x, y: (box?.y ?? 0) + 20 });
      await touch('touchEnd');
      await expect(inTier(page, 'Unacceptable')).toHaveCount(1);
      await expect(inTier(page, 'Unacceptable')).toHaveAttribute('aria-label', name ?? '');
    });

    await test.step('a tap on a card, a tap on a tier; the next card is selected by itself', async () => {
      const card = toPlace(page).first();
      await card.tap({ position: { x: 60, y: 14 } });
      await expect(lastChange(page)).toContainText('is selected. Tap a tier.');
      await page.getByRole('region', { name: 'Tier 1: Excellent' }).tap({ position: { x: 30, y: 16 } });
      await expect(inTier(page, 'Excellent')).toHaveCount(1);
      await page.getByRole('region', { name: 'Tier 2: Good' }).tap({ position: { x: 30, y: 16 } });
      await expect(inTier(page, 'Good')).toHaveCount(1);
    });

    await test.step('the rest by the bar within reach of the thumb, and save', async () => {
      const bar = page.getByRole('group', { name: /^Place Response/ });
      await bar.getByRole('button', { name: 'Weak' }).tap();
      await bar.getByRole('button', { name: 'Weak' }).tap();
      await expect(toPlace(page)).toHaveCount(0);
      await page.getByRole('button', { name: 'Save and next' }).tap();
      await expect(prompt(page, 'then')).toBeVisible();
      await saved(page);
    });
  });
});
