/** A model from a hub in a real browser: its private file system, its Worker, its rules about other origins. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { build } from 'esbuild';
import { type HubServer, startHubServer } from '../../trainer/fixtures/hub-server';

const worker = `
import { createOpfsStore, downloadModel, parseHubAddress, readModelFiles, storeSource } from './trainer/index';
onmessage = async ({ data }) => {
  try {
    const store = createOpfsStore(await navigator.storage.getDirectory());
    const onProgress = ({ file, received }) => postMessage({ file, received });
    const folder = await downloadModel({ address: parseHubAddress(data), store, onProgress });
    const { weights, config } = await readModelFiles(storeSource(store, folder));
    const hash = [...new Uint8Array(await crypto.subtle.digest('SHA-256', weights))];
    postMessage({ config, hash: hash.map((byte) => byte.toString(16).padStart(2, '0')).join('') });
  } catch (error) {
    postMessage({ error: error.message });
  }
};`;

let hub: HubServer;
let site: Server;
let origin = '';
const weights = weightsFile();
const hash = createHash('sha256').update(weights).digest('hex');

/** A safetensors file of one megabyte. */
function weightsFile(): Buffer {
  const data = Buffer.alloc(2 ** 20, 7);
  const header = JSON.stringify({ a: { dtype: 'F32', shape: [data.length / 4], data_offsets: [0, data.length] } });
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, Buffer.from(padded), data]);
}

test.beforeAll(async () => {
  const bundle = await build({
    stdin: { contents: worker, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  });
  hub = await startHubServer();
  hub.files.set('owner/name/c0ffee/config.json', Buffer.from('{"a":1}'));
  hub.files.set('owner/name/c0ffee/model.safetensors', weights);
  site = createServer((request, response) => {
    const isWorker = request.url === '/worker.js';
    response.setHeader('content-type', isWorker ? 'text/javascript' : 'text/html');
    response.end(isWorker ? bundle.outputFiles[0]!.text : '<!doctype html><title>hub</title>');
  });
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
test.afterAll(async () => {
  site.close();
  await hub.close();
});

test('comes in parts over broken connections and closed tabs, and is there without one', async ({ page }) => {
  await page.goto(origin);
  /** `leaveAt`: ends the Worker once so many bytes of the weights have come, as a closed tab does. */
  const load = (leaveAt = Number.POSITIVE_INFINITY) =>
    page.evaluate(
      ([address, limit]) =>
        new Promise<{ hash?: string; config?: unknown; error?: string; left?: true }>((finish) => {
          const loader = new Worker('/worker.js', { type: 'module' });
          loader.onerror = (event) => finish({ error: event.message });
          loader.postMessage(address);
          loader.onmessage = ({ data }) => {
            if (data.file === 'model.safetensors' && data.received >= limit) {
              loader.terminate();
              finish({ left: true });
            } else if (data.file === undefined) finish(data);
          };
        }),
      [`${hub.origin}/owner/name`, leaveAt] as const,
    );

  hub.cut = { file: 'model.safetensors', bytes: 300_000, times: 2 };
  // However fast the machine: the tab closes before the file is whole.
  hub.hold = { file: 'model.safetensors', bytes: 100_000 };
  expect(await load(500_000)).toEqual({ left: true });
  hub.cut = null;
  hub.hold = null;
  const before = hub.requests.length;
  // A terminated Worker lets go of its file a moment later.
  await expect.poll(() => load(), { timeout: 10_000 }).toEqual({ config: { a: 1 }, hash });
  const after = hub.requests.slice(before).filter((request) => request.startsWith('GET model.safetensors'));
  expect(after.at(-1)).toMatch(/^GET model\.safetensors bytes=[1-9]\d*-$/);

  hub.requests.length = 0;
  expect(await load()).toEqual({ config: { a: 1 }, hash });
  expect(hub.requests.filter((request) => request.includes('model.safetensors'))).toEqual([]);
  await hub.close();
  expect(await load()).toEqual({ config: { a: 1 }, hash });
});
