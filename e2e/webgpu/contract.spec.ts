/** The ops contract and golden cases on WebGPU in Chromium, emulated by SwiftShader: no GPU is needed. */
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { build } from 'esbuild';
import { adapterGoldens, storiesGoldens, tinyGoldens, variantGoldens } from '../../trainer/fixtures/golden';
import { findChromium } from '../browser';
import type { GoldenRequest, PageApi } from './page';

test.use({
  launchOptions: {
    executablePath: findChromium(),
    ignoreDefaultArgs: ['--disable-gpu'],
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
});
// Each test has a device of its own, so they run on every worker that is free.
test.describe.configure({ mode: 'parallel' });

declare const pageApi: PageApi;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

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
  await page.waitForFunction(() => 'pageApi' in globalThis);
}

for (const group of [
  'matmul',
  'epilogues',
  'rows',
  'pointwise',
  'attention',
  'logProb',
  'half',
  'memory',
  'refusals',
]) {
  test(`the ops contract holds: ${group}`, async ({ page }) => {
    test.setTimeout(600_000);
    await open(page);
    const { description, results } = await page.evaluate((only) => pageApi.contract(only), `webgpu: ${group}`);
    console.log(`${description}: ${results.length} tests`);
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(1);
  });
}

test('control: a test that fails in the page is reported', async ({ page }) => {
  await open(page);
  const { results } = await page.evaluate((only) => pageApi.contract(only), 'control');
  expect(results.map(({ name, error }) => [name, error !== null])).toEqual([['control > fails', true]]);
});

test('nobody is given the emulated adapter', async ({ page }) => {
  await open(page);
  expect(await page.evaluate(() => pageApi.chosen())).toBe('wasm');
});

const near = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(b), 1e-6);

/** One page for all of them: an emulated adapter takes long to compile a kernel, and a page's device does so once. */
test.describe("the golden cases have PyTorch's values", () => {
  test.describe.configure({ mode: 'default' });
  let shared: Page;
  test.beforeAll(async ({ browser }) => {
    shared = await browser.newPage();
    await open(shared);
  });
  test.afterAll(() => shared.close());

  for (const set of [tinyGoldens, ...variantGoldens, adapterGoldens, storiesGoldens]) {
    for (const packing of ['shared', 'naive'] as const) {
      test(`${set.name}, ${packing} packing`, async () => {
        test.skip(!set.available, `the goldens of ${set.name} are not here`);
        test.setTimeout(600_000);
        expect(set.cases.length).toBeGreaterThan(0);
        const { model, adapter } = await set.files();
        const request: GoldenRequest = {
          config: model.config,
          weights: base64(model.weights),
          adapter: adapter && { config: adapter.config, weights: base64(adapter.weights) },
          cases: set.cases.map(({ expected }) => expected),
        };
        const losses = await shared.evaluate(([asked, how]) => pageApi.goldens(asked, how), [
          request,
          packing,
        ] as const);
        set.cases.forEach(({ name, expected }, i) => {
          const actual = losses[i]!;
          for (const key of ['sft_loss', 'rank_loss', 'loss'] as const) {
            expect(near(actual[key], expected[key]), `${name}: ${key}`).toBeLessThan(1e-4);
          }
          expect(actual.score).toHaveLength(expected.score.length);
          actual.score.forEach((score, j) => {
            expect(near(score, expected.score[j]!), `${name}: score ${j}`).toBeLessThan(1e-4);
          });
          expect(near(actual.grad_norm, expected.grad_norm), `${name}: gradient norm`).toBeLessThan(1e-3);
        });
      });
    }
  }
});
