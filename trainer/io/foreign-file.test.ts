import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { writeWholeModel } from '../fixtures/whole-model';
import { loadModel } from '../model/model';
import { detectForeignFile } from './foreign-file';
import { readModelFolder } from './model-folder';
import { parseSafetensors, serializeSafetensors } from './safetensors';

const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 538090408\n';
const page = '\n<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'foreign-file-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));
const load = async () => (await loadModel(await readModelFolder(dir), createReferenceBackend())).dispose();

describe('a foreign file in place of a model file is named', () => {
  it.each([
    ['model.safetensors', pointer, 'this is a Git LFS pointer'],
    ['model.safetensors', page, 'this is a web page'],
    ['model.safetensors', 'PK\u0003\u0004archive/data.pkl', 'this is a PyTorch file'],
    ['model.safetensors', 'GGUF\u0003\u0000\u0000\u0000tensors', 'this is a GGUF file'],
    ['tokenizer.json', pointer, 'this is a Git LFS pointer'],
    ['tokenizer.json', page, 'this is a web page'],
    ['config.json', page, 'this is a web page'],
    ['chat_template.jinja', pointer, 'this is a Git LFS pointer'],
  ])('%s: %j', async (name, content, message) => {
    await writeWholeModel(dir);
    await writeFile(join(dir, name), content, 'latin1');
    await expect(load()).rejects.toThrow(`${join(dir, name)}: ${message}`);
  });

  it('a shard, and the index, by their own names', async () => {
    await writeWholeModel(dir, { sharded: true });
    const shard = join(dir, 'model-00002-of-00002.safetensors');
    const whole = await readFile(shard);
    await writeFile(shard, pointer);
    await expect(load()).rejects.toThrow(`${shard}: this is a Git LFS pointer`);
    await writeFile(shard, whole);
    const index = join(dir, 'model.safetensors.index.json');
    await writeFile(index, page);
    await expect(load()).rejects.toThrow(`${index}: this is a web page`);
  });

  it('and a file that may be right is not', () => {
    for (const text of ['<|im_start|>user', '{"a":1}', 'version 2 of a template', '', '<s>{{ prompt }}']) {
      expect(detectForeignFile(new TextEncoder().encode(text))).toBeNull();
    }
  });
});

describe('weights that are not the model are told with their file', () => {
  const renamed = async (change: (name: string) => string) => {
    await writeWholeModel(dir);
    const path = join(dir, 'model.safetensors');
    const tensors = [...parseSafetensors(await readFile(path))].map(
      ([name, tensor]) => [change(name), tensor] as const,
    );
    await writeFile(path, serializeSafetensors(new Map(tensors)));
    return load();
  };

  it('a model. that is missing, and a beginning too many', async () => {
    await expect(renamed((name) => name.replace('model.', ''))).rejects.toThrow(
      /model\.safetensors: the prefix "model\." is missing: "model\.embed_tokens\.weight" is called "embed_tokens\.weight" here/,
    );
    await expect(renamed((name) => `language_model.${name}`)).rejects.toThrow(
      /model\.safetensors: there is an extra prefix "language_model\.": /,
    );
  });

  it('a tensor that is lacking', async () => {
    await expect(renamed((name) => name.replace('model.norm.weight', 'other'))).rejects.toThrow(
      `${join(dir, 'model.safetensors')}: the weights are missing the tensor "model.norm.weight"`,
    );
  });
});
