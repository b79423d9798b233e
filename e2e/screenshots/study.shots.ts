/**
 * Every page of a study in which two annotators differ, into test-results/study/, to be looked at: STUDY=1, or
 * STUDY=ledger,prompts for these pages, and SHOTS=ar-390-dark,en-1440-light for these views.
 */
import { expect, test } from '@playwright/test';
import { LANGUAGE_CODES, LANGUAGE_COOKIE } from '../../lib/i18n/locales';
import { type DisputedProject, disputedProject } from '../adjudicating';
import { startWorkplace } from '../annotating';
import { signInAs } from '../people';

const WIDTHS = { 390: 844, 768: 1024, 1440: 900 };
const wanted = process.env.STUDY?.split(',') ?? [];
const shots = process.env.SHOTS?.split(',');

test.skip(wanted.length === 0, 'Pages to look at, drawn on demand.');

let server: Awaited<ReturnType<typeof startWorkplace>>;
test.beforeAll(async () => {
  server = await startWorkplace();
});
test.afterAll(() => server?.stop());

function pagesOf({ project, promptIds }: DisputedProject): Record<string, string> {
  const prompt = Object.values(promptIds)[0]!;
  return {
    project,
    prompts: `${project}/prompts`,
    prompt: `${project}/prompts/${prompt}`,
    adjudicate: `${project}/adjudicate`,
    decide: `${project}/adjudicate/${prompt}`,
    progress: `${project}/progress`,
    agreement: `${project}/agreement`,
    ledger: `${project}/agreement/ledger`,
    work: `${project}/work`,
    snapshots: `${project}/snapshots`,
    settings: `${project}/settings`,
    import: `${project}/import`,
    people: '/people',
    audit: '/people/audit',
    account: '/account',
  };
}

test('pages of a study', async ({ page }) => {
  test.setTimeout(1_800_000);
  const study = await disputedProject(server, 9);
  await signInAs(page.context(), server, server.admin);
  for (const [name, path] of Object.entries(pagesOf(study))) {
    if (!wanted.includes('1') && !wanted.includes(name)) continue;
    for (const language of LANGUAGE_CODES) {
      await page.context().addCookies([{ name: LANGUAGE_COOKIE, value: language, url: server.url }]);
      for (const [width, height] of Object.entries(WIDTHS)) {
        for (const scheme of ['light', 'dark'] as const) {
          const shot = `${language}-${width}-${scheme}`;
          if (shots && !shots.includes(shot)) continue;
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await page.setViewportSize({ width: Number(width), height });
          await page.goto(server.url + path);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          await page.waitForLoadState('networkidle');
          await page.screenshot({ path: `test-results/study/${name}-${shot}.png`, fullPage: true });
        }
      }
    }
  }
});
