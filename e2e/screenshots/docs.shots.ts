/**
 * The pictures in docs/: the board at four widths, light and dark, and with PAGES=1 every page into
 * test-results/ (PAGES=settings,home: these).
 */
import { expect, type Page, test } from '@playwright/test';
import { toPlace } from '../board-project';
import { makeDemoProject } from '../demo-project';
import { startServer, type TestServer } from '../server';

const WIDTHS = { 390: 844, 768: 1024, 1440: 900, 2560: 1440 };
const SCHEMES = ['light', 'dark'] as const;

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

test('screenshots', async ({ page }) => {
  test.setTimeout(900_000);
  const pages = await makeDemoProject(page, server);
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const scheme of SCHEMES) {
      await show(page, { width: Number(width), height, scheme, path: pages.board });
      await placeThree(page);
      await page.screenshot({ path: `docs/board-${width}-${scheme}.png` });
    }
  }
  const wanted = process.env.PAGES?.split(',') ?? [];
  for (const [name, path] of Object.entries(pages)) {
    if (!wanted.includes('1') && !wanted.includes(name)) continue;
    for (const [width, height] of Object.entries(WIDTHS).slice(0, 3)) {
      for (const scheme of SCHEMES) {
        await show(page, { width: Number(width), height, scheme, path });
        await page.screenshot({ path: `test-results/pages/${name}-${width}-${scheme}.png`, fullPage: true });
        if (name !== 'run') continue;
        await page.getByRole('tab', { name: 'Re-rank' }).click();
        await expect(page.getByRole('table').first()).toBeVisible();
        await page.screenshot({ path: `test-results/pages/rerank-${width}-${scheme}.png`, fullPage: true });
      }
    }
  }
});

interface View {
  width: number;
  height: number;
  scheme: (typeof SCHEMES)[number];
  path: string;
}

async function show(page: Page, { width, height, scheme, path }: View): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  await page.goto(server.url + path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
}

/** Three cards placed, two of them in one tier: what a board looks like halfway. A draft may hold some already. */
async function placeThree(page: Page): Promise<void> {
  const placed = await page.locator('[data-tiers] [data-drag]').count();
  for (const key of ['1', '2', '2'].slice(placed)) {
    await toPlace(page).first().focus();
    await page.keyboard.press(key);
  }
  await expect(page.locator('[data-tiers] [data-drag]')).toHaveCount(3);
}
