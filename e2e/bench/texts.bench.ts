/**
 * npm run bench texts: the longest that a page is busy at once with texts that once froze it, on the board, while a
 * response is opened, in the comparison, in the guidelines and in the import preview. Needs a built app.
 */
import { chromium, type Page } from '@playwright/test';
import { chooseView, makeBoardProject, toPlace } from '../board-project';
import { findChromium } from '../browser';
import { startServer } from '../server';
import { slowTexts } from '../slow-texts';

const GOAL = 100;
const ordinary = 'An **ordinary** answer.\n\n- one\n- two';
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));

declare global {
  interface Window {
    longest: number;
  }
}

/** Runs in the page before its own scripts. */
function watch(): void {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** The longest task in milliseconds since the last call, 0 where none took 50. */
async function longestTask(page: Page): Promise<number> {
  await page.waitForTimeout(1500);
  return page.evaluate(() => {
    const { longest } = window;
    window.longest = 0;
    return longest;
  });
}

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
const server = await startServer();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(watch);
  await chooseView(page, 'board');
  const texts = { 'an ordinary text': ordinary, ...slowTexts };
  console.log(`Longest task of the page in ms (goal <= ${GOAL}; the first column is a page that loads)`);
  for (const [name, text] of Object.entries(texts)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const project = await makeBoardProject(
      page,
      server,
      [{ id: 'slow', prompt: text, responses: [text, `${text}.`, ordinary] }],
      { guidelines: text.slice(0, 50_000) },
    );
    const said: string[] = [];
    const say = async (what: string) => said.push(`${what} ${(await longestTask(page)).toFixed(0)}`);
    await page.goto(`${server.url}${project}/guidelines`);
    await page.waitForTimeout(3000);
    await say('guidelines');
    await page.getByRole('link', { name: 'Annotate' }).click();
    const agree = page.getByRole('button', { name: /understand|read/i });
    await agree
      .or(page.getByRole('heading', { name: /^Prompt / }))
      .first()
      .waitFor();
    if (await agree.isVisible()) await agree.click();
    await page.getByRole('heading', { level: 1, name: /^Prompt / }).waitFor();
    await page.waitForTimeout(3000);
    await say('board');
    await toPlace(page).first().focus();
    await page.keyboard.press('Space');
    await page.waitForTimeout(3500);
    await say('opened');
    for (const at of [0, 1]) {
      await toPlace(page).nth(at).focus();
      await page.keyboard.press('d');
    }
    await page.waitForTimeout(1500);
    await say('compared');
    await page.getByRole('checkbox', { name: 'Show differences' }).uncheck();
    await page.waitForTimeout(3500);
    await say('side by side');
    await page.goto(`${server.url}${project}/import`);
    await page.locator('input[type="file"]').waitFor({ state: 'attached' });
    await longestTask(page);
    await page.locator('input[type="file"]').setInputFiles({
      name: 'slow.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from(JSON.stringify({ id: 'b', prompt: text, responses: [{ text }, { text: ordinary }] })),
    });
    await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
    await say('preview');
    console.log(`${name}: ${said.join(', ')}`);
  }
} finally {
  await server.stop();
  await browser.close();
}
