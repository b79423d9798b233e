/**
 * The GPU goes away under a running training: the browser's GPU process is killed, as a crashing driver kills it. The
 * run goes on from its last checkpoint on a new device, says so, and finishes.
 *
 * Control: with `retries: 0` handed to withDeviceRecovery in trainer/run/execute-run.ts the run fails with "The GPU was lost".
 */
import { type Browser, expect, type Page, test } from '@playwright/test';
import { findChromium } from '../browser';
import { annotate, signUpAdministrator } from '../demo-project';
import { promptLines } from '../people';
import { startServer, type TestServer } from '../server';

test.use({
  launchOptions: {
    executablePath: findChromium(),
    ignoreDefaultArgs: ['--disable-gpu'],
    args: ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
});

let server: TestServer;
test.beforeAll(async () => {
  server = await startServer();
});
test.afterAll(async () => {
  await server?.stop();
});

/** Users are never given an emulated adapter; this one pretends to be real, in the page's workers too. */
const DISGUISE = `if (typeof GPUAdapter === 'function') Object.defineProperty(GPUAdapter.prototype, 'info', {
  configurable: true, get: () => ({ isFallbackAdapter: false, vendor: 'test', architecture: 'losable', device: '', description: '' }),
});\n`;

async function disguiseAdapters(page: Page): Promise<void> {
  await page.route('**/_next/static/**/*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: DISGUISE + (await response.text()) });
  });
}

async function killGpuProcess(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const gpu = processInfo.find(({ type }) => type === 'GPU');
  expect(gpu, 'the browser has a GPU process').toBeDefined();
  process.kill(gpu!.id, 'SIGKILL');
}

test('a training outlives the GPU process, and says what happened', async ({ page, browser }) => {
  test.setTimeout(300_000);
  const admin = await signUpAdministrator(page, server);
  // Short texts: an emulated GPU takes seconds a step over those of the demo.
  const { body } = await admin.ask<{ project: { id: string } }>('POST', '/projects', { name: 'Numbers' });
  const project = `/projects/${body.project.id}`;
  const imported = await admin.ask('POST', `${project}/import`, undefined, { text: promptLines(4) });
  expect(imported.status).toBe(200);
  await annotate(admin, project, 4);
  const snapshot = await page.request.post(`${server.url}/api${project}/snapshots`, {
    headers: { origin: server.url },
    data: { name: 'Four prompts' },
  });
  expect(snapshot.status()).toBe(201);

  await disguiseAdapters(page);
  await page.goto(`${server.url}${project}/train`);
  await page.getByLabel('Epochs').fill('12');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('GPU (WebGPU, test losable)')).toBeVisible();
  await expect(page.getByText(/Step ([2-9]|1\d) of/)).toBeVisible({ timeout: 120_000 });
  await killGpuProcess(browser);

  const words = /The GPU was lost: .*; trying again from the checkpoint of step \d+ \(1 of 3\)\./;
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByText('Finished', { exact: true })).toBeVisible({ timeout: 120_000 });
});
