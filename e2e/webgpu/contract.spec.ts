/** The ops contract and golden cases on WebGPU in Chromium, emulated by SwiftShader: no GPU is needed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'esbuild';
import { findChromium } from '../browser';
import type { Doors } from './page';

test.use({
  launchOptions: {
    executablePath: findChromium(),
    ignoreDefaultArgs: ['--disable-gpu'],
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
});
declare const doors: Doors;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(here(path), 'utf8'));

let bundle: string;
test.beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [here('./page.ts')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    alias: { vitest: here('./page-vitest.ts') },
    loader: { '.wasm': 'binary' },
    write: false,
  });
  bundle = outputFiles[0]!.text;
});

/** WebGPU is for secure contexts only; localhost is one, and no server need listen there. */
async function open(page: Page): Promise<void> {
  await page.route('http://localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>WebGPU</title>' }),
  );
  await page.goto('http://localhost/');
  await page.addScriptTag({ content: bundle, type: 'module' });
  await page.waitForFunction(() => 'doors' in globalThis);
}

for (const group of ['matmul', 'rows', 'pointwise', 'attention', 'logProb', 'memory', 'refusals']) {
  test(`the ops contract holds: ${group}`, async ({ page }) => {
    test.setTimeout(600_000);
    await open(page);
    const { description, results } = await page.evaluate((only) => doors.contract(only), `webgpu: ${group}`);
    console.log(`${description}: ${results.length} tests`);
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(1);
  });
}

test('control: a test that fails in the page is reported', async ({ page }) => {
  await open(page);
  const { results } = await page.evaluate((only) => doors.contract(only), 'control');
  expect(results.map(({ name, error }) => [name, error !== null])).toEqual([['control > fails', true]]);
});

test('nobody is given the emulated adapter', async ({ page }) => {
  await open(page);
  expect(await page.evaluate(() => doors.chosen())).toBe('wasm');
});

for (const packing of ['shared', 'naive'] as const) {
  test(`a golden case has PyTorch's values, ${packing} packing`, async ({ page }) => {
    test.setTimeout(300_000);
    await open(page);
    const expected = json('../../trainer/fixtures/goldens/tiny-1.json');
    const weights = readFileSync(here('../../trainer/fixtures/tiny-llama/model.safetensors')).toString('base64');
    const actual = await page.evaluate(([config, bytes, lossCase, how]) => doors.golden(config, bytes, lossCase, how), [
      json('../../trainer/fixtures/tiny-llama/config.json'),
      weights,
      expected,
      packing,
    ] as const);
    const near = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(b), 1e-6);
    for (const key of ['sft_loss', 'rank_loss', 'loss'] as const) {
      expect(near(actual[key], expected[key]), key).toBeLessThan(1e-4);
    }
    actual.score.forEach((score, i) => {
      expect(near(score, expected.score[i]), `score ${i}`).toBeLessThan(1e-4);
    });
    expect(near(actual.grad_norm, expected.grad_norm)).toBeLessThan(1e-3);
  });
}
