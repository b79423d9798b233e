/**
 * Every view of a study in which two annotators differ, into test-results/study/, to be looked at: STUDY=1, or
 * STUDY=ledger,compare for these views, and SHOTS=ar-390-dark,en-1440-light for these windows.
 */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from '@playwright/test';
import { LANGUAGE_CODES, LANGUAGE_COOKIE } from '../../lib/i18n/locales';
import { startWorkplace } from '../annotating';
import { signInAs } from '../people';
import { study, type View, viewsOf } from './study-views';

const WIDTHS = { 390: 844, 768: 1024, 1440: 900 };
const wanted = process.env.STUDY?.split(',') ?? [];
const shots = process.env.SHOTS?.split(',');

test.use({ actionTimeout: 15_000, navigationTimeout: 30_000 });
test.skip(wanted.length === 0, 'Pages to look at, drawn on demand.');

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

const wordsOf = (language: string) => JSON.parse(readFileSync(`messages/${language}.json`, 'utf8'));

async function shoot(page: Page, { path, open }: View, language: string, to: string) {
  await page.goto(server.url + path);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  const seen = await open?.(page, wordsOf(language)).catch((error: unknown) => {
    // The others are drawn all the same.
    expect.soft(String(error), to).toBe('');
    return undefined;
  });
  await page.waitForLoadState('networkidle');
  if (seen) await expect(seen).toBeVisible();
  const isDialog = seen && (await seen.getAttribute('role')) === 'dialog';
  if (seen && !isDialog) await seen.screenshot({ path: to });
  else await page.screenshot({ path: to, fullPage: !isDialog });
}

test('views of a study', async ({ page }) => {
  test.setTimeout(1_800_000);
  const views = viewsOf(await study(server));
  await signInAs(page.context(), server, server.admin);
  for (const [name, view] of Object.entries(views)) {
    if (!wanted.includes('1') && !wanted.includes(name)) continue;
    for (const language of LANGUAGE_CODES) {
      await page.context().addCookies([{ name: LANGUAGE_COOKIE, value: language, url: server.url }]);
      for (const [width, height] of Object.entries(WIDTHS)) {
        for (const scheme of ['light', 'dark'] as const) {
          const shot = `${language}-${width}-${scheme}`;
          if (shots && !shots.includes(shot)) continue;
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await page.setViewportSize({ width: Number(width), height });
          await shoot(page, view, language, `test-results/study/${name}-${shot}.png`);
        }
      }
    }
  }
});
