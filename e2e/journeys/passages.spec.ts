/** Passages of a response that is drawn in parts, with labels and buttons in it that are no part of its text. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import type { Doors } from './passages-page';

declare const doors: Doors;

const thinking = 'word '.repeat(3000);
const written = `<think>${thinking}</think>**Four** it is.\n\n\`\`\`js\nf(4)\n\`\`\`\n<think>So.</think>The end.`;
const part = (words: string) => `${written.indexOf(words)}-${written.indexOf(words) + words.length}`;
const label = (words: string) => `<button data-not-text>${words}</button>`;

test.beforeEach(async ({ page }) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./passages-page.ts', import.meta.url))],
    alias: { '@': fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '') },
    bundle: true,
    write: false,
  });
  await page.setContent(
    `<div data-response-text="r">${label('Thinking (3,000 words)')}<div data-text-part="${part('**Four** it is.\n\n```js\nf(4)\n```')}"><p><b>Four</b><i> it is.</i></p><pre>f(4)\n</pre>${label('Copy')}</div>${label('Thinking (1 word)')}<div data-text-part="${part('The end.')}"><u>The end.</u></div></div>`,
  );
  await page.addScriptTag({ content: outputFiles[0]!.text });
});

test('a selection stands for what is written there, whatever stands between', async ({ page }) => {
  const selected = (from: [string, number], to: [string, number]) =>
    page.evaluate(([text, a, b]) => doors.selected(text, a, b), [written, from, to] as const);
  expect(await selected(['b', 0], ['b', 4])).toBe('Four');
  expect(await selected(['b', 1], ['i', 3])).toBe('our** it');
  expect(await selected(['pre', 0], ['pre', 4])).toBe('f(4)');
  expect(await selected(['i', 4], ['u', 3])).toBe('is.\n\n```js\nf(4)\n```\n<think>So.</think>The');
  expect(await selected(['button', 0], ['button', 8])).toBeNull();
});

test('a mark is drawn on its words, and nowhere where they are folded away', async ({ page }) => {
  const drawn = (words: string) => {
    const start = written.indexOf(words);
    return page.evaluate(([text, from, to]) => doors.drawn(text, from, to), [
      written,
      start,
      start + words.length,
    ] as const);
  };
  expect(await drawn('Four** it')).toEqual(['Four it']);
  expect(await drawn('end')).toEqual(['end']);
  expect(await drawn('f(4)')).toEqual(['f(4)']);
  expect(await drawn('word word')).toEqual([]);
  expect(await drawn('So.')).toEqual([]);
});
