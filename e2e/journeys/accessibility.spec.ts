/** Every page, light and dark, as a phone and a laptop show it: no axe violation at WCAG 2.2 AA. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { makeDemoProject } from '../demo-project';
import { startServer, type TestServer } from '../server';
import { settled } from '../settled';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const CONTRAST = ['color-contrast'];

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(() => server?.stop());

test('no page has an accessibility violation', async ({ page }) => {
  test.setTimeout(600_000);
  const pages = await makeDemoProject(page, server, { epochs: '1' });
  for (const [name, path] of Object.entries({ ...pages, rerank: pages.run })) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(server.url + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
    if (name === 'rerank') {
      await page.getByRole('tab', { name: 'Re-rank' }).click();
      await expect(page.getByRole('table').first()).toBeVisible();
    }
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await settled(page);
        const axe = new AxeBuilder({ page });
        // Colours are all that differs in the dark.
        const { violations } = await (colorScheme === 'light' ? axe.withTags(TAGS) : axe.withRules(CONTRAST)).analyze();
        const where = `${name}, ${colorScheme}, ${width} px`;
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n  ')}`);
        expect.soft(found, where).toEqual([]);
      }
    }
  }

  // The control: axe does see a violation on these pages.
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('img')));
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  expect(violations.map(({ id }) => id)).toContain('image-alt');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.evaluate(() => {
    const faint = document.createElement('p');
    faint.textContent = 'Hardly to be read.';
    faint.style.cssText = 'color: light-dark(#000, #333); background: light-dark(#fff, #222)';
    document.querySelector('main')?.append(faint);
  });
  const dark = await new AxeBuilder({ page }).withRules(CONTRAST).analyze();
  expect(dark.violations.map(({ id }) => id)).toEqual(CONTRAST);
});
