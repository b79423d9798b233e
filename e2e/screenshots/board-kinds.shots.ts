/**
 * The pictures in docs/board: each kind of prompt in both views, at every width, light and dark, as one sheet a kind.
 * KINDS=essays,code draws these alone. The Arabic and the Japanese kind are drawn in their languages.
 */
import { mkdir } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { LANGUAGE_COOKIE } from '../../lib/i18n/locales';
import { type BoardPrompt, makeBoardProject } from '../board-project';
import { readingPrompts } from '../reading-prompts';
import { startServer, type TestServer } from '../server';

/** CSS pixels; the second is a laptop at twice the size. */
const SIZES = [
  [390, 844],
  [720, 450],
  [768, 1024],
  [1024, 768],
  [1440, 900],
  [2560, 1440],
] as const;
const VIEWS = ['board', 'focus'] as const;
const SCHEMES = ['light', 'dark'] as const;
const LANGUAGES: Record<string, string> = { arabic: 'ar', japanese: 'ja' };
/** Height of a picture on its sheet, in pixels. */
const HEIGHT = 420;

let server: TestServer;
test.beforeAll(async () => {
  await mkdir('docs/board', { recursive: true });
  server = await startServer();
});
test.afterAll(() => server?.stop());

const wanted = process.env.KINDS?.split(',');
for (const prompt of readingPrompts.filter(({ id }) => wanted === undefined || wanted.includes(id))) {
  test(`the kind ${prompt.id}`, async ({ page }) => {
    test.setTimeout(300_000);
    const project = await makeBoardProject(page, server, [prompt]);
    const language = LANGUAGES[prompt.id] ?? 'en';
    await page.context().addCookies([{ name: LANGUAGE_COOKIE, value: language, url: server.url }]);
    await page.addInitScript(() => {
      const view = sessionStorage.getItem('view');
      if (view) localStorage.setItem('rescue-view', view);
    });
    const pictures: { name: string; image: string }[] = [];
    for (const scheme of SCHEMES) {
      for (const view of VIEWS) {
        for (const [width, height] of SIZES) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await page.setViewportSize({ width, height });
          await show(page, `${project}/annotate`, view, prompt);
          const image = await page.screenshot({ type: 'jpeg', quality: 85 });
          pictures.push({ name: `${view}, ${width} × ${height}, ${scheme}`, image: image.toString('base64') });
        }
      }
    }
    await drawSheet(page, `docs/board/${prompt.id}.jpg`, pictures);
  });
}

async function show(page: Page, path: string, view: string, prompt: BoardPrompt): Promise<void> {
  await page.goto(`${server.url}/sign-in`);
  await page.evaluate((choice) => sessionStorage.setItem('view', choice), view);
  await page.goto(server.url + path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[data-response-text]').first()).toBeVisible();
  await page.waitForLoadState('networkidle');
  // Half of them placed, so that tiers hold something; a draft may hold them already.
  const placed = await page.locator('[data-tiers] [data-drag]').count();
  for (let n = placed; n < Math.floor(prompt.responses.length / 2); n++) await page.keyboard.press(String((n % 3) + 1));
  await page.waitForTimeout(300);
}

async function drawSheet(
  page: Page,
  path: string,
  pictures: readonly { name: string; image: string }[],
): Promise<void> {
  await page.setViewportSize({ width: 2400, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setContent(
    `<style>body{margin:16px;display:flex;flex-wrap:wrap;gap:16px;font:13px sans-serif;background:#ddd}figure{margin:0}
     img{height:${HEIGHT}px;display:block}figcaption{padding-top:4px}</style>${pictures
       .map(
         ({ name, image }) =>
           `<figure><img src="data:image/jpeg;base64,${image}"><figcaption>${name}</figcaption></figure>`,
       )
       .join('')}`,
  );
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete));
  await page.screenshot({ path, fullPage: true, type: 'jpeg', quality: 72 });
}
