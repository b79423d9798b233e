/** What the command line's tests share: the built command, a tiny model with a tokenizer, and data for it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import { writeModelFolder } from '../trainer/io/model-folder';
import { serializeSafetensors } from '../trainer/io/safetensors';
import { parseModelConfig } from '../trainer/model/config';
import { initialWeights } from '../trainer/model/parameters';
import { trainBpe } from '../trainer/tokenizer/train-bpe';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const rescueFile = join(root, 'cli/rescue.mjs');
const dir = mkdtempSync(join(tmpdir(), 'rescue-cli-'));
/** A path in this test file's own folder. */
export const at = (...names: string[]) => join(dir, ...names);

/** Runs the real command line as a process of its own. */
export function rescue(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [rescueFile, ...argv], { encoding: 'utf8', cwd: dir });
  return { status, stdout, stderr };
}

/** A model that trains in seconds, with a tokenizer of bytes. */
export const tinyConfig = {
  model_type: 'llama',
  vocab_size: 260,
  hidden_size: 16,
  intermediate_size: 32,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 96,
  tie_word_embeddings: true,
  rope_scaling: null,
};
const words = ['boats', 'bread', 'rain', 'trains', 'music', 'gardens', 'labs', 'paper'];
export const records = words.map((word, i) => ({
  id: `p${i}`,
  prompt: [{ role: 'user', content: `about ${word}` }],
  responses: [
    { id: 'good', text: `${word} are good`, source: 'human', tier: 0 },
    { id: 'bad', text: `${word} no no`, source: 'm', tier: 1 },
  ],
  pairs: [{ chosen: 'good', rejected: 'bad', margin: 1, support: [], against: [] }],
}));
export const jsonl = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** Call at the top of a test file: builds the command line, makes the folder, takes it away at the end. */
export function prepareCommandLine(): void {
  beforeAll(async () => {
    const build = spawnSync(process.execPath, [join(root, 'cli/build.mjs')], { encoding: 'utf8' });
    expect(build.stderr).toBe('');
    const tokenizer = trainBpe(words, { vocabSize: 260, specialTokens: ['<s>', '</s>'], minimumCount: 1 });
    const weights = serializeSafetensors(initialWeights(parseModelConfig(tinyConfig), 1));
    await writeModelFolder(at('model'), { config: tinyConfig, weights, tokenizer });
    const small = { ...tinyConfig, vocab_size: 200 };
    const smallWeights = serializeSafetensors(initialWeights(parseModelConfig(small), 1));
    await writeModelFolder(at('misfit'), { config: small, weights: smallWeights, tokenizer });
    writeFileSync(at('data.jsonl'), jsonl(records));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
}
