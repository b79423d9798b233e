import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { optionalTextFiles } from '../contract/model-files';
import { type HubServer, startHubServer } from '../fixtures/hub-server';
import { createDiskStore } from './disk-store';
import { parseHubAddress } from './hub-address';
import { type DownloadProgress, downloadModel } from './hub-download';
import { readModelFolder } from './model-folder';
import { parseSafetensors, serializeSafetensors } from './safetensors';

let hub: HubServer;
let dir = '';
beforeEach(async () => {
  hub = await startHubServer();
  dir = await mkdtemp(join(tmpdir(), 'hub-'));
});
afterEach(async () => {
  await hub.close();
  await rm(dir, { recursive: true, force: true });
});

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const tensor = (length: number) => ({ shape: [length], data: Float32Array.from({ length }, (_, i) => Math.sin(i)) });
const weights = serializeSafetensors(new Map([['a', tensor(50_000)]]));

function offer(files: Record<string, Uint8Array>, commit = 'c0ffee'): void {
  for (const [file, bytes] of Object.entries(files)) hub.files.set(`owner/name/${commit}/${file}`, bytes);
}

const whole = { 'config.json': text({ a: 1 }), 'tokenizer.json': text({ t: 1 }), 'model.safetensors': weights };

async function download(onProgress?: (progress: DownloadProgress) => void, signal?: AbortSignal): Promise<string> {
  const address = parseHubAddress(`${hub.origin}/owner/name`);
  return join(dir, await downloadModel({ address, store: createDiskStore(dir), onProgress, signal }));
}

const requestsFor = (file: string) => hub.requests.filter((request) => request.includes(`${file}`));

describe('downloadModel', () => {
  it('brings a folder that reads as the hub has it, tells how far it is, and leaves nothing half', async () => {
    offer(whole);
    const seen: DownloadProgress[] = [];
    const folder = await download((progress) => seen.push(progress));
    const read = await readModelFolder(folder);
    expect(read).toMatchObject({ config: { a: 1 }, tokenizer: { t: 1 } });
    expect(Buffer.compare(read.weights, weights)).toBe(0);
    const received = seen.filter(({ file }) => file === 'model.safetensors').map((progress) => progress.received);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ file: 'model.safetensors', received: weights.length, total: weights.length });
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  });

  it('joins shards, each by its name in the index', async () => {
    const shards = { 'm-1.safetensors': ['a'], 'm-2.safetensors': ['b', 'c'] };
    const map = Object.entries(shards).flatMap(([file, names]) => names.map((name) => [name, file] as const));
    offer({ 'config.json': text({}), 'model.safetensors.index.json': text({ weight_map: Object.fromEntries(map) }) });
    for (const [file, names] of Object.entries(shards)) {
      offer({ [file]: serializeSafetensors(new Map(names.map((name) => [name, tensor(3)]))) });
    }
    const { weights: joined } = await readModelFolder(await download());
    expect([...parseSafetensors(joined).keys()]).toEqual(['a', 'b', 'c']);
    hub.files.delete('owner/name/c0ffee/m-2.safetensors');
    await rm(dir, { recursive: true });
    await expect(download()).rejects.toThrow('/m-2.safetensors: there is no such file');
  });

  it('goes on where a broken connection stopped, within a call and after it', async () => {
    offer(whole);
    hub.cut = { file: 'model.safetensors', bytes: 60_000, times: 2 };
    const folder = await download();
    expect(Buffer.compare((await readModelFolder(folder)).weights, weights)).toBe(0);
    const [first, ...rest] = requestsFor('model.safetensors');
    expect(first).toBe('GET model.safetensors');
    expect(rest).toHaveLength(2);
    for (const request of rest) expect(request).toMatch(/bytes=[1-9]\d*-$/);

    await rm(dir, { recursive: true });
    const stop = new AbortController();
    const onProgress = ({ file, received }: DownloadProgress) => {
      if (file === 'model.safetensors' && received > 0) stop.abort(new Error('enough'));
    };
    await expect(download(onProgress, stop.signal)).rejects.toThrow('enough');
    const had = (await stat(join(folder, 'model.safetensors.part'))).size;
    expect(had).toBeGreaterThan(0);
    hub.requests.length = 0;
    await download();
    expect(requestsFor('model.safetensors')).toEqual([`GET model.safetensors bytes=${had}-`]);
    expect(Buffer.compare((await readModelFolder(folder)).weights, weights)).toBe(0);
  });

  it('begins again when the file behind the part is another one now', async () => {
    hub.revisions = null;
    offer(whole, 'main');
    const stop = new AbortController();
    hub.cut = { file: 'model.safetensors', bytes: 60_000, times: 1 };
    const onProgress = ({ received }: DownloadProgress) => {
      if (received > 50_000) stop.abort(new Error('enough'));
    };
    await expect(download(onProgress, stop.signal)).rejects.toThrow('enough');
    const other = serializeSafetensors(new Map([['z', tensor(50_000)]]));
    offer({ 'model.safetensors': other }, 'main');
    const folder = await download();
    expect(Buffer.compare((await readModelFolder(folder)).weights, other)).toBe(0);
  });

  it('gives up on a connection that brings nothing, in words', async () => {
    offer(whole);
    hub.cut = { file: 'model.safetensors', bytes: 0, times: 99 };
    await expect(download()).rejects.toThrow(/model\.safetensors: (the connection was lost|no connection)/);
    expect(requestsFor('model.safetensors')).toHaveLength(3);
  });

  it('pins the branch to its commit: nothing comes twice, a new commit comes whole, all files of one state', async () => {
    offer(whole);
    const folder = await download();
    hub.requests.length = 0;
    expect(await download()).toBe(folder);
    // What was not there is asked for again; what was is not.
    expect(hub.requests).toEqual(['config.json', ...optionalTextFiles].map((name) => `GET ${name}`));
    hub.revisions = { main: 'beef' };
    offer({ ...whole, 'config.json': text({ a: 2 }) }, 'beef');
    const newer = await download();
    expect(newer).not.toBe(folder);
    expect((await readModelFolder(newer)).config).toEqual({ a: 2 });
    expect((await readModelFolder(folder)).config).toEqual({ a: 1 });
  });

  it('without a connection uses what it has in whole, and nothing else', async () => {
    offer(whole);
    const folder = await download();
    const address = parseHubAddress(`${hub.origin}/owner/name`);
    await hub.close();
    const store = createDiskStore(dir);
    expect(join(dir, await downloadModel({ address, store }))).toBe(folder);
    await expect(downloadModel({ address: { ...address, repo: 'owner/other' }, store })).rejects.toThrow(
      /owner\/other\/resolve\/main\/config\.json: no connection/,
    );
    hub = await startHubServer();
  });

  it('says what a hub does not have, and keeps to its folder whatever the index says', async () => {
    await expect(download()).rejects.toThrow('/owner/name/resolve/main/config.json: there is no such file');
    offer({ 'config.json': text({}) });
    await expect(download()).rejects.toThrow('model.safetensors: there is no such file, and no');
    offer({ 'model.safetensors.index.json': text({ weight_map: { a: '../../escape' } }) });
    await expect(download()).rejects.toThrow('"../../escape" is not a plain file name');
    hub.revisions = { main: '../up' };
    hub.files.set('owner/name/../up/config.json', text({}));
    await expect(download()).rejects.toThrow('unusable commit');
  });
});

describe('parseHubAddress', () => {
  it('takes what the address bar shows', () => {
    const repo = 'owner/some-model_1.5';
    expect(parseHubAddress(`https://hub.example/${repo}`)).toEqual({
      origin: 'https://hub.example',
      repo,
      revision: 'main',
    });
    expect(parseHubAddress(`http://localhost:80/${repo}/`).revision).toBe('main');
    expect(parseHubAddress(`https://hub.example/${repo}/tree/v1.0`).revision).toBe('v1.0');
    expect(parseHubAddress(`https://hub.example/${repo}/tree/feature/x`).revision).toBe('feature/x');
  });

  it.each([
    'owner/name',
    'ftp://hub.example/owner/name',
    'https://hub.example/owner',
    'https://hub.example/owner/..%2f..',
    'https://hub.example/owner/name/blob/main',
    'https://hub.example/owner/name/tree/..%2fx',
    'https://user:secret@hub.example/owner/name',
    'https://hub.example/owner/name?x=1',
    'https://',
  ])('refuses %s', (address) => {
    expect(() => parseHubAddress(address)).toThrow('is not the address of a model');
  });
});
