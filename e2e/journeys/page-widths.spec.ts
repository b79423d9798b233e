/** Every page in every language is as wide as its window, on a phone, a tablet and a laptop. */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { LANGUAGE_CODES, LANGUAGE_COOKIE } from '../../lib/i18n/locales';
import { makeDemoProject } from '../demo-project';
import { startServer, type TestServer } from '../server';

/** As long as addresses on a hub get. */
const ADDRESS = 'research-team/some-model-of-quite-a-long-name-instruct-2511/checkpoint-000001200-merged-and-averaged';

let server: TestServer;
let models = '';
test.beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'rescue-widths-'));
  await mkdir(join(models, ADDRESS), { recursive: true });
  await cp('public/models/demo', join(models, ADDRESS), { recursive: true });
  server = await startServer({ env: { MODELS_DIR: models } });
});
test.afterAll(async () => {
  await server?.stop();
  await rm(models, { recursive: true, force: true });
});

const beyond = (page: Page) =>
  page.evaluate(() => ({
    pixels: document.documentElement.scrollWidth - innerWidth,
    by: [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        const clipped = element.closest('section.overflow-x-auto, nav.overflow-x-auto, pre, .sr-only');
        return clipped === null && (right > innerWidth + 0.5 || left < -0.5);
      })
      .slice(0, 3)
      .map((element) => element.outerHTML.slice(0, 160)),
  }));

test('no page scrolls sideways', async ({ page }) => {
  test.setTimeout(600_000);
  const paths = await makeDemoProject(page, server, { epochs: '1', annotated: 6 });
  const added = await page.evaluate(
    async (folder) =>
      (
        await fetch('/api/models/server', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            name: 'A model with a name that takes its place, as names of merged models do',
            folder,
          }),
        })
      ).status,
    ADDRESS,
  );
  expect(added).toBe(201);
  for (const language of LANGUAGE_CODES) {
    await page.context().addCookies([{ name: LANGUAGE_COOKIE, value: language, url: server.url }]);
    for (const [name, path] of Object.entries({ ...paths, rerank: `${paths.run}?tab=rerank` })) {
      await page.goto(server.url + path);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await page.waitForLoadState('networkidle');
      for (const width of [390, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const { pixels, by } = await beyond(page);
        expect.soft(pixels, `${name}, ${language}, ${width} px: ${by.join('\n')}`).toBeLessThanOrEqual(0);
      }
    }
  }

  // The control: a wide element is noticed.
  await page.evaluate(() => {
    const wide = document.createElement('div');
    wide.style.width = '2000px';
    wide.textContent = 'Wide.';
    document.querySelector('main')?.append(wide);
  });
  expect((await beyond(page)).pixels).toBeGreaterThan(0);
});
