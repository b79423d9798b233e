import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder, writeFileAtomic, writeModelFolder } from './model-folder';
import { parseSafetensors, serializeSafetensors } from './safetensors';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'model-folder-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const tensor = (value: number) => ({ shape: [2], data: new Float32Array([value, value]) });
const weights = serializeSafetensors(new Map([['a', tensor(1)]]));

describe('model folders', () => {
  it('come back as written, and leave no temporary files', async () => {
    const files = { config: { a: 1 }, weights, tokenizer: { t: 'é' }, tokenizerConfig: { eos_token: 'x' } };
    const folder = join(dir, 'new', 'folder');
    await writeModelFolder(folder, files);
    const read = await readModelFolder(folder);
    expect({ ...read, weights: [...read.weights] }).toEqual({
      ...files,
      weights: [...weights],
      weightsPath: join(folder, 'model.safetensors'),
    });
    expect((await readdir(folder)).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
  });

  it('take a chat template from its own file, before the one in tokenizer_config.json', async () => {
    const folder = join(dir, 'template');
    await writeModelFolder(folder, { config: {}, weights, tokenizer: {} });
    await writeFile(join(folder, 'chat_template.jinja'), 'own');
    expect((await readModelFolder(folder)).tokenizerConfig).toEqual({ chat_template: 'own' });
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ eos_token: 'x', chat_template: 'old' }));
    expect((await readModelFolder(folder)).tokenizerConfig).toEqual({ eos_token: 'x', chat_template: 'own' });
  });

  it('join sharded weights', async () => {
    const folder = join(dir, 'sharded');
    await writeModelFolder(folder, { config: {}, weights, tokenizer: null });
    await rm(join(folder, 'model.safetensors'));
    await expect(readModelFolder(folder)).rejects.toThrow(
      `${join(folder, 'model.safetensors')}: there is no such file`,
    );
    const index = (map: object) =>
      writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    await index({ a: '1.safetensors', b: '2.safetensors' });
    await writeFile(join(folder, '1.safetensors'), weights);
    await expect(readModelFolder(folder)).rejects.toThrow(
      '2.safetensors: is listed in the index, but there is no such file',
    );
    await writeFile(join(folder, '2.safetensors'), serializeSafetensors(new Map()));
    await expect(readModelFolder(folder)).rejects.toThrow(
      '2.safetensors: tensor "b", which the index puts here, is missing',
    );
    await writeFile(join(folder, '2.safetensors'), serializeSafetensors(new Map([['b', tensor(2)]])));
    expect([...parseSafetensors((await readModelFolder(folder)).weights).keys()]).toEqual(['a', 'b']);
    const both = serializeSafetensors(new Map(['a', 'b'].map((name) => [name, tensor(3)])));
    await writeFile(join(folder, '2.safetensors'), both);
    await expect(readModelFolder(folder)).rejects.toThrow(
      '2.safetensors: holds the tensor "a", which the index puts in 1.safetensors',
    );
    await index({ b: '2.safetensors' });
    await expect(readModelFolder(folder)).rejects.toThrow(
      '2.safetensors: holds the tensor "a", which the index does not list',
    );
    await writeFile(join(folder, '2.safetensors'), both.subarray(0, both.length - 1));
    await expect(readModelFolder(folder)).rejects.toThrow('2.safetensors: tensor "b": its data ends at byte');
    await writeFile(
      join(folder, 'model.safetensors.index.json'),
      '{"weight_map": {"a": "1.safetensors", "a": "2.safetensors"}}',
    );
    await expect(readModelFolder(folder)).rejects.toThrow('index.json: "a" is listed twice');
    await index({ a: '../model-folder.safetensors' });
    await expect(readModelFolder(folder)).rejects.toThrow('is not a plain file name');
  });

  it('that cannot be read are named', async () => {
    await expect(readModelFolder(join(dir, 'nowhere'))).rejects.toThrow('nowhere/config.json: there is no such file');
    const folder = join(dir, 'broken');
    await writeModelFolder(folder, { config: {}, weights, tokenizer: null });
    await writeFile(join(folder, 'tokenizer.json'), '{');
    await expect(readModelFolder(folder)).rejects.toThrow('broken/tokenizer.json: not JSON');
  });

  it('a failed write leaves the old file and no rest', async () => {
    await expect(writeFileAtomic(join(dir, 'missing', 'x'), 'new')).rejects.toThrow('missing/x: cannot be written');
    const path = join(dir, 'file');
    await writeFileAtomic(path, 'old');
    await writeFileAtomic(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await readdir(dir)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
