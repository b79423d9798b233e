/** Qwen3's own tokenizer in a worker of a real browser: a tiny model trains, samples and scores. */
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { asLearnt } from '../../trainer/fixtures/qwen3-loop';
import { readRealTokenizer } from '../../trainer/fixtures/real-tokenizers';

test('trains, samples and scores with the same ids each time', async ({ page }) => {
  test.setTimeout(600_000);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./qwen3-worker.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    loader: { '.wasm': 'binary' },
    write: false,
  });
  const { tokenizer, tokenizerConfig } = readRealTokenizer('qwen3');
  const bodies: Record<string, { contentType: string; body: string }> = {
    '/': { contentType: 'text/html', body: '<!doctype html><title>Qwen3</title>' },
    '/worker.js': { contentType: 'text/javascript', body: outputFiles[0]!.text },
    '/files.json': { contentType: 'application/json', body: JSON.stringify({ tokenizer, tokenizerConfig }) },
  };
  // No server need listen: the browser is answered here.
  await page.route('http://localhost/**', (route) => {
    const answer = bodies[new URL(route.request().url()).pathname];
    return answer ? route.fulfill(answer) : route.fulfill({ status: 404 });
  });
  await page.goto('http://localhost/');
  const outcome = await page.evaluate(async () => {
    const worker = new Worker('/worker.js', { type: 'module' });
    const files = await (await fetch('/files.json')).json();
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(files);
    });
  });
  expect(outcome).toEqual(asLearnt);
});
