import { cp, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HubServer, startHubServer } from '../fixtures/hub-server';
import { checkModel, type PeekableSource } from './check-model';
import { parseHubAddress } from './hub-address';
import { openHubFolder } from './hub-source';
import { folderSource } from './model-folder';
import { parseSafetensors, serializeSafetensors } from './safetensors';

const demo = fileURLToPath(new URL('../../public/models/demo', import.meta.url));
const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'];

let dir = '';
let read = 0;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-model-'));
  for (const name of names) await cp(join(demo, name), join(dir, name));
  read = 0;
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A folder that counts what is read of it. */
function folder(): PeekableSource {
  const source = folderSource(dir);
  return {
    ...source,
    size: (name) =>
      stat(join(dir, name)).then(
        ({ size }) => size,
        () => undefined,
      ),
    async readStart(name, bytes) {
      const file = await open(join(dir, name));
      const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, 0);
      await file.close();
      read += bytesRead;
      return buffer.subarray(0, bytesRead);
    },
  };
}

const put = (name: string, change: (text: string) => string) =>
  readFile(join(dir, name), 'utf8').then((text) => writeFile(join(dir, name), change(text)));
async function putTensors(change: (tensors: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) {
  const tensors = new Map(parseSafetensors(await readFile(join(dir, 'model.safetensors'))));
  change(tensors);
  await writeFile(join(dir, 'model.safetensors'), serializeSafetensors(tensors));
}
/** Of normalizers in one another. */
const nested = (list: string, depth: number) =>
  `${`{"type":"Sequence","${list}":[`.repeat(depth)}{"type":"NFC"}${']}'.repeat(depth)}`;
/** Splits the weights over two files, with an index. */
async function shard(index: (map: Record<string, string>) => void = () => {}) {
  const tensors = [...parseSafetensors(await readFile(join(dir, 'model.safetensors')))];
  const map: Record<string, string> = {};
  for (const [i, part] of [tensors.slice(0, 3), tensors.slice(3)].entries()) {
    const file = `model-0000${i + 1}-of-00002.safetensors`;
    for (const [name] of part) map[name] = file;
    await writeFile(join(dir, file), serializeSafetensors(new Map(part), { dtype: 'BF16' }));
  }
  index(map);
  await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
  await rm(join(dir, 'model.safetensors'));
}

describe('checkModel', () => {
  it('says what a model is made of, from its headers alone', async () => {
    const checked = await checkModel(folder());
    const { size } = await stat(join(dir, 'model.safetensors'));
    expect(checked.files.map(({ name }) => name).sort()).toEqual([...names].sort());
    expect(checked.bytes).toBeGreaterThan(size);
    expect(2 * checked.parameters).toBeLessThan(size);
    expect(2 * checked.parameters).toBeGreaterThan(0.99 * size);
    expect(read).toBeLessThan(20_000);
  });

  it('takes sharded half-precision weights', async () => {
    const { parameters } = await checkModel(folder());
    await shard();
    const checked = await checkModel(folder());
    expect(checked.parameters).toBe(parameters);
    expect(checked.files.map(({ name }) => name)).toContain('model-00002-of-00002.safetensors');
  });

  it.each([
    ['no config', () => rm(join(dir, 'config.json')), /config\.json: there is no such file$/],
    [
      'another family',
      () => put('config.json', (t) => t.replace('"llama"', '"gpt2"')),
      /config\.json: model_type "gpt2" is not supported/,
    ],
    ['no tokenizer', () => rm(join(dir, 'tokenizer.json')), /tokenizer\.json: there is no such file$/],
    ['a tokenizer that is none', () => put('tokenizer.json', () => '{"model":1}'), /tokenizer\.json: /],
    [
      'a tokenizer with more tokens than the model',
      () => put('config.json', (t) => t.replace(/"vocab_size": \d+/, '"vocab_size": 10')),
      /tokenizer\.json: /,
    ],
    [
      'a tokenizer nested deeper than a program can follow',
      () =>
        put('tokenizer.json', (t) => t.replace(/"normalizer": ?null/, `"normalizer":${nested('normalizers', 50_000)}`)),
      /tokenizer\.json: .*cannot be used: /,
    ],
    ['no weights', () => rm(join(dir, 'model.safetensors')), /model\.safetensors: there is no such file$/],
    [
      'weights cut off',
      async () =>
        writeFile(join(dir, 'model.safetensors'), (await readFile(join(dir, 'model.safetensors'))).subarray(0, 90_000)),
      /model\.safetensors: tensor ".*": its data ends at byte \d+, but the file holds/,
    ],
    [
      'a tensor missing',
      () => putTensors((t) => t.delete('model.norm.weight')),
      /model\.safetensors: the weights are missing the tensor "model\.norm\.weight"$/,
    ],
    [
      'a tensor too many',
      () => putTensors((t) => t.set('extra', { shape: [1], data: new Float32Array(1) })),
      /model\.safetensors: the weights have a tensor "extra"/,
    ],
    [
      'another shape',
      () => putTensors((t) => t.set('model.norm.weight', { shape: [2], data: new Float32Array(2) })),
      /model\.safetensors: the tensor "model\.norm\.weight" has the shape \[2\], but config\.json requires/,
    ],
    [
      'a shard that the index forgot',
      () => shard((map) => delete map['model.norm.weight']),
      /safetensors: holds the tensor "model\.norm\.weight", which the index does not put there$/,
    ],
    [
      'an index that promises more',
      () => shard((map) => Object.assign(map, { more: 'model-00001-of-00002.safetensors' })),
      /model-00001-of-00002\.safetensors: tensor "more", which the index puts here, is missing$/,
    ],
  ])('refuses %s, by file and reason', async (_, breakIt, message) => {
    await breakIt();
    await expect(checkModel(folder())).rejects.toThrow(message);
  });
});

describe('a hub', () => {
  let hub: HubServer;
  beforeEach(async () => {
    hub = await startHubServer();
    for (const name of names) hub.files.set(`owner/name/c0ffee/${name}`, await readFile(join(dir, name)));
  });
  afterEach(() => hub.close());

  it('is looked into without downloading, pinned to the commit that its branch has now', async () => {
    const { address, source } = await openHubFolder(parseHubAddress(`${hub.origin}/owner/name`));
    expect(address.revision).toBe('c0ffee');
    const checked = await checkModel(source);
    expect(checked).toEqual(await checkModel(folder()));
  });

  it('refuses in words that name the address', async () => {
    hub.files.set('owner/name/c0ffee/config.json', new TextEncoder().encode('{"model_type":"bert"}'));
    const { source } = await openHubFolder(parseHubAddress(`${hub.origin}/owner/name`));
    await expect(checkModel(source)).rejects.toThrow(`${hub.origin}/owner/name/resolve/c0ffee/config.json: `);
    await expect(openHubFolder(parseHubAddress(`${hub.origin}/owner/other`))).rejects.toThrow('there is no such file');
  });
});
