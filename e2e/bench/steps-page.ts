/** Contestants of a training step in one Chromium page, all on its one WebGPU adapter. */
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import type { StepImplementation } from '../../trainer/bench/step-problem';
import type { ModelConfig } from '../../trainer/model/config';
import { findChromium } from '../browser';
import type { PageContestant, StepPageApi } from './steps-in-page';

export const PAGE_CONTESTANTS: readonly PageContestant[] = ['ours', 'tfjs', 'jax-js'];

export interface StepsPage {
  /** The adapter's name, for people. */
  readonly adapter: string;
  /** It is emulated on the CPU. */
  readonly software: boolean;
  start(kind: PageContestant, config: ModelConfig, batch: number, length: number): Promise<StepImplementation>;
  close(): Promise<void>;
}

declare const pageApi: StepPageApi;

const HARDWARE = ['--ignore-gpu-blocklist', '--enable-features=Vulkan', '--use-angle=vulkan'];
const SOFTWARE = ['--use-webgpu-adapter=swiftshader'];

/** A real adapter if there is one and `software` does not forbid it, else the emulated one; null when there is none. */
export async function openStepsPage({ software }: { software: boolean }): Promise<StepsPage | null> {
  const bundle = await bundleDoors();
  for (const flags of software ? [SOFTWARE] : [HARDWARE, SOFTWARE]) {
    const browser = await chromium.launch({
      executablePath: findChromium(),
      ignoreDefaultArgs: ['--disable-gpu'],
      args: ['--no-sandbox', '--enable-unsafe-webgpu', ...flags],
    });
    const opened = await openIn(browser, bundle);
    if (opened && (flags === SOFTWARE || !opened.software)) return opened;
    await browser.close();
  }
  return null;
}

async function openIn(browser: Browser, bundle: string): Promise<StepsPage | null> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
  page.setDefaultTimeout(0);
  // WebGPU is for secure contexts only; localhost is one, and no server need listen there.
  await page.route('http://localhost/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Bench</title>' }),
  );
  await page.goto('http://localhost/');
  await page.addScriptTag({ content: bundle, type: 'module' });
  await page.waitForFunction(() => 'pageApi' in globalThis);
  const found = await page.evaluate(() => pageApi.adapter());
  if (!found) return null;
  return {
    adapter: `${found.description}, Chromium ${browser.version()}`,
    software: found.software,
    start: (kind, config, batch, length) => start(page, kind, config, batch, length),
    close: () => browser.close(),
  };
}

async function start(page: Page, kind: PageContestant, config: ModelConfig, batch: number, length: number) {
  const name = await page.evaluate(([...asked]) => pageApi.start(...asked), [kind, config, batch, length] as const);
  return {
    name,
    run: () => page.evaluate((which) => pageApi.run(which), kind),
    multiply: (size: number, times: number) =>
      page.evaluate(([which, n, count]) => pageApi.multiply(which, n, count), [kind, size, times] as const),
    close: () => page.evaluate((which) => pageApi.close(which), kind),
  };
}

async function bundleDoors(): Promise<string> {
  // Bundles lie in dist/bench, two folders below the root as this file does.
  const entry = fileURLToPath(new URL('../../e2e/bench/steps-in-page.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}
