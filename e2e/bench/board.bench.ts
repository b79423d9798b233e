/**
 * npm run bench board: what an annotator feels. From Enter to the next prompt painted, from a key to its frame with
 * twelve responses of 3,000 words in both views, and the JavaScript that the page needs. Needs a built app (`npm run build`).
 */
import { chromium, type Page } from '@playwright/test';
import { type BoardPrompt, chooseView, makeBoardProject, openBoard, words } from '../board-project';
import { findChromium } from '../browser';
import { neverIdle, scriptBytes } from '../script-bytes';
import { startServer, type TestServer } from '../server';

const PROMPTS = 30;
const RESPONSES = 12;
const WORDS = 3000;

interface Sample {
  key: string;
  /** Milliseconds from the key event to the end of the frame that shows what it did. */
  painted: number;
  /** Milliseconds that the key event waited before the page could look at it. */
  waited: number;
}
declare global {
  interface Window {
    benchSamples: Sample[];
  }
}

/** Runs in the page before its own scripts. */
function listen(): void {
  window.benchSamples = [];
  const heading = () => document.querySelector('h1')?.textContent;
  const afterFrame = (done: () => void) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = done;
      channel.port2.postMessage(null);
    });
  addEventListener(
    'keydown',
    (event) => {
      const start = event.timeStamp;
      const waited = performance.now() - start;
      const before = heading();
      const finish = () => {
        // Enter is done when another prompt stands there.
        if (event.key === 'Enter' && heading() === before) return afterFrame(finish);
        window.benchSamples.push({ key: event.key, waited, painted: performance.now() - start });
      };
      afterFrame(finish);
    },
    { capture: true },
  );
}

async function pressAll(page: Page, keys: readonly string[]): Promise<Sample[]> {
  await page.evaluate(() => {
    window.benchSamples = [];
  });
  for (const [i, key] of keys.entries()) {
    await page.keyboard.press(key);
    await page.waitForFunction((count) => window.benchSamples.length > count, i);
    // A person pauses; work that was put off must not meet the next key.
    await page.waitForTimeout(30);
  }
  return page.evaluate(() => window.benchSamples);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function report(name: string, values: readonly number[], goal: string): void {
  const [median, p95, max] = [quantile(values, 0.5), quantile(values, 0.95), Math.max(...values)];
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(`${name}: median ${ms(median)}, p95 ${ms(p95)}, max ${ms(max)} of ${values.length} (goal ${goal})`);
}

const shortPrompts = (): BoardPrompt[] =>
  Array.from({ length: PROMPTS + 1 }, (_, n) => ({
    id: `short-${n}`,
    prompt: words(40, n + 1),
    responses: Array.from({ length: 5 }, (_, i) => words(60, n * 7 + i + 1)),
  }));
const longPrompt = (id: string, decorate: (text: string) => string): BoardPrompt => ({
  id,
  prompt: 'Tell a long story.',
  responses: Array.from({ length: RESPONSES }, (_, i) => decorate(words(WORDS, i + 1))),
});

const everyKey = [
  ...['1', '2', '3', '4', '1', '2'],
  ...['ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowUp'],
  ...['u', 'u', 'u', 'r', 'r', 'r', '0', '3', 'c', 'x', 'x'],
  ...['3', '4', '1', '2', '3', '4', 'ArrowDown', '2', 'ArrowUp', '1', '0', '4'],
];

async function longTexts(page: Page, server: TestServer, name: string, prompt: BoardPrompt): Promise<void> {
  const project = await makeBoardProject(page, server, [prompt]);
  await chooseView(page, 'focus');
  await openBoard(page, server, project);
  await page.waitForLoadState('networkidle');
  const say = (state: string, samples: readonly Sample[]) => {
    const title = `${RESPONSES} responses of ${WORDS} words, ${name}, ${state}`;
    report(
      `Key to frame, ${title}`,
      samples.map(({ painted }) => painted),
      '<= 50 ms',
    );
    report(
      `Input delay, ${title}`,
      samples.map(({ waited }) => waited),
      '<= 50 ms',
    );
  };
  say('read in focus', await pressAll(page, everyKey));
  await chooseView(page, 'board');
  await page.reload();
  await page.waitForLoadState('networkidle');
  say('folded', await pressAll(page, everyKey));
  // Placed responses are chips, which hold nothing to open: the same prompt once more, untouched.
  const again = await makeBoardProject(page, server, [prompt]);
  await openBoard(page, server, again);
  await page.getByRole('button', { name: 'Show all' }).first().waitFor();
  for (const button of (await page.getByRole('button', { name: 'Show all' }).all()).reverse()) await button.click();
  await page.waitForTimeout(500);
  say('all opened', await pressAll(page, everyKey));
}

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
const server = await startServer();
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const short = await makeBoardProject(page, server, shortPrompts());
  const kilobytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KB`;
  /** In a context of its own: nothing is in the memory cache yet. */
  const coldScriptBytes = async (project: string, onlyNeeded: boolean) => {
    const fresh = await browser.newContext({ storageState: await context.storageState() });
    const cold = await fresh.newPage();
    if (onlyNeeded) await cold.addInitScript(neverIdle);
    const bytes = await scriptBytes(cold, async () => {
      await openBoard(cold, server, project);
      if (!onlyNeeded) await cold.waitForTimeout(6000);
      await cold.waitForLoadState('networkidle');
    });
    await fresh.close();
    return bytes;
  };

  for (const [name, text] of [
    ['plain texts', 'A plain answer.'],
    ['Markdown', 'A **bold** answer.'],
    ['formulas', 'So $x^2 = 4$.'],
  ] as const) {
    const project = await makeBoardProject(page, server, [{ id: name, prompt: 'Why?', responses: [text, 'Another.'] }]);
    const needed = await coldScriptBytes(project, true);
    console.log(
      `JavaScript of the annotate page, compressed, ${name}: ${kilobytes(needed)} (goal <= 220 KB for plain texts)`,
    );
    if (name === 'plain texts') {
      const all = await coldScriptBytes(project, false);
      console.log(`Fetched later, when the page is idle (menus, dialogs): ${kilobytes(all - needed)}`);
    }
  }

  await page.addInitScript(listen);
  await openBoard(page, server, short);
  const enters: number[] = [];
  for (let n = 0; n < PROMPTS; n++) {
    const samples = await pressAll(page, ['1', '2', '2', '3', '4', 'Enter']);
    enters.push(samples.at(-1)!.painted);
  }
  report('Enter to the next prompt painted', enters, '<= 100 ms');

  await longTexts(
    page,
    server,
    'plain',
    longPrompt('plain', (text) => text),
  );
  await longTexts(
    page,
    server,
    'Markdown',
    longPrompt('markdown', (text) => text.replaceAll('stone', '**stone**')),
  );
} finally {
  await server.stop();
  await browser.close();
}
