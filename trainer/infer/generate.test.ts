import { describe, expect, it } from 'vitest';
import type { Backend } from '../backends/backend';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { testingDevice } from '../backends/webgpu/testing-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { type Packing, packPrompts } from '../data/pack';
import { storiesGoldens, tinyGoldens, variantGoldens } from '../fixtures/golden';
import { forward } from '../model/llama';
import type { Model } from '../model/model';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import { CachedDecoder } from './cached-decoder';
import { generate, generateBatch } from './generate';

/** The most probable token after a context, by scoring every token of the vocabulary as a response of its own. */
async function mostProbable(model: Model, context: readonly number[], packing: Packing): Promise<number> {
  const responses = Array.from({ length: model.config.vocabSize }, (_, id) => ({
    id: String(id),
    ids: [id],
    lengthExponent: 1,
  }));
  const block = packPrompts([{ id: 'p', promptIds: context, responses, pairs: [], target: null }], { packing });
  const logProbs = await model.backend.read(forward(model, block, { keep: false }).logProb, 0, responses.length);
  return logProbs.indexOf(Math.max(...logProbs));
}

const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: generation on WebGPU, because ${why}\n`);

const rows = (...sequences: number[]) => sequences.map((sequence) => ({ sequence, ids: [20 + sequence] }));
const bitsOf = ({ buffer, byteOffset, length }: Float32Array) => [...new Uint32Array(buffer, byteOffset, length)];

describe('generate', () => {
  it('continues greedily: each token is the most probable one, recomputed without a cache', async () => {
    const backend = createReferenceBackend();
    const model = await tinyGoldens.loadModel(backend);
    const promptIds = [1, 18, 56, 41, 5];
    const before = backend.bytesInUse;
    const seen: number[] = [];
    const { ids, stopped } = await generate({ model, promptIds, maxTokens: 12, onToken: (id) => seen.push(id) });
    expect(seen).toEqual(ids);
    expect(backend.bytesInUse).toBe(before);
    expect(stopped).toBe('length');
    for (let t = 0; t < ids.length; t++) {
      const context = [...promptIds, ...ids.slice(0, t)];
      expect(await mostProbable(model, context, 'shared'), `token ${t}, shared`).toBe(ids[t]);
      expect(await mostProbable(model, context, 'naive'), `token ${t}, naive`).toBe(ids[t]);
    }
  });

  it.each(variantGoldens)('knows the cached form of $name', async ({ loadModel }) => {
    const model = await loadModel(await createWasmBackend());
    const promptIds = [1, 18, 56, 41, 5];
    const { ids } = await generate({ model, promptIds, maxTokens: 12 });
    for (let t = 0; t < ids.length; t++) {
      expect(await mostProbable(model, [...promptIds, ...ids.slice(0, t)], 'naive'), `token ${t}`).toBe(ids[t]);
    }
  });

  it.each([{}, { temperature: 1.3, topP: 0.9, seed: 5 }])(
    'gives each prompt of a batch what it gets alone, whatever the lengths: %j',
    async (sampling) => {
      const backend = createReferenceBackend();
      const model = await tinyGoldens.loadModel(backend);
      const before = backend.bytesInUse;
      const prompts = [[1, 18, 56, 41, 5], [1], Array(118).fill(18), [1, 18, 56, 41, 5], [1, 7, 7]];
      const seen = prompts.map((): number[] => []);
      const onToken = (prompt: number, id: number) => seen[prompt]!.push(id);
      const together = await generateBatch({ model, prompts, maxTokens: 20, ...sampling, onToken });
      expect(seen).toEqual(together.map(({ ids }) => ids));
      for (const [i, promptIds] of prompts.entries()) {
        const alone = await generate({ model, promptIds, maxTokens: 20, ...sampling, seed: (sampling.seed ?? 0) + i });
        expect(together[i], `prompt ${i}`).toEqual(alone);
      }
      // They do not end together, so that rows of finished sequences lay between those that went on.
      expect(new Set(together.map(({ ids }) => ids.length)).size).toBeGreaterThan(1);
      expect(backend.bytesInUse).toBe(before);
    },
  );

  it.each<[string, () => Backend | Promise<Backend>]>([
    ['reference', createReferenceBackend],
    ['wasm', createWasmBackend],
    ...(device ? [['webgpu', () => createWebGpuBackend({ device })] as [string, () => Promise<Backend>]] : []),
  ])(
    'computes the same bits for a sequence in a batch as alone: %s',
    { timeout: 120_000 },
    async (_, createBackend) => {
      const model = await variantGoldens.at(-1)!.loadModel(await createBackend());
      const prompts = [[1, 18, 56, 41, 5], [1], Array(60).fill(18), [1, 7, 7]];
      const rooms = prompts.map(({ length }) => ({ length: length + 3, prompt: length }));
      const together = new CachedDecoder(model, rooms);
      const alone = rooms.map((room) => new CachedDecoder(model, [room]));
      // The prompts, a token each, and a token for the first and the last, while the others have ended.
      const steps = [prompts.map((ids, sequence) => ({ sequence, ids })), rows(0, 1, 2, 3), rows(3, 0)];
      for (const step of steps) {
        const logits = await together.append(step);
        for (const [row, { sequence, ids }] of step.entries()) {
          const [own] = await alone[sequence]!.append([{ sequence: 0, ids }]);
          expect(bitsOf(logits[row]!), `sequence ${sequence}`).toEqual(bitsOf(own!));
        }
      }
    },
  );

  it('draws by a seed of its own for each prompt, whatever its place in the batch', async () => {
    const model = await tinyGoldens.loadModel(await createWasmBackend());
    const options = { model, maxTokens: 12, temperature: 1 };
    const [first, second] = [
      [1, 18, 56],
      [1, 7],
    ];
    const forth = await generateBatch({ ...options, prompts: [first!, second!], seeds: [10, 20] });
    const back = await generateBatch({ ...options, prompts: [second!, first!], seeds: [20, 10] });
    expect(back).toEqual([forth[1], forth[0]]);
    expect(forth[0]).toEqual(await generate({ ...options, promptIds: first!, seed: 10 }));
  });

  it('draws the same from the same seed, something else from another, and nothing when asked for nothing', async () => {
    const model = await tinyGoldens.loadModel(await createWasmBackend());
    const options = { model, promptIds: [1, 18, 56], maxTokens: 16, temperature: 1 };
    const first = await generate({ ...options, seed: 3 });
    expect(await generate({ ...options, seed: 3 })).toEqual(first);
    expect(await generate({ ...options, seed: 4 })).not.toEqual(first);
    expect(await generate({ ...options, maxTokens: 0 })).toEqual({ ids: [], stopped: 'length' });
    expect(await generateBatch({ model, prompts: [], maxTokens: 4 })).toEqual([]);
    await expect(generate({ ...options, temperature: -1 })).rejects.toThrow('temperature');
  });

  it('stops at every token that a file names as an end', async () => {
    const plain = await tinyGoldens.loadModel(createReferenceBackend());
    const promptIds = [1, 18, 56, 41, 5];
    const { ids } = await generate({ model: plain, promptIds, maxTokens: 3 });
    const [end] = ids;
    const vocab = Object.fromEntries(Array.from({ length: plain.config.vocabSize }, (_, id) => [`t${id}`, id]));
    const tokenizer = loadTokenizer(
      { model: { type: 'BPE', vocab, merges: [] } },
      { eos_token: `t${[0, 1, 2].find((id) => !ids.includes(id))}` },
      { generationConfig: { eos_token_id: [plain.config.vocabSize - 1, end] } },
    );
    const stopped = await generate({ model: { ...plain, tokenizer }, promptIds, maxTokens: 3 });
    expect(stopped).toEqual({ ids: [], stopped: 'eos' });
  });

  it('ends at the signal, and gives its memory back', async () => {
    const backend = await createWasmBackend();
    const model = await tinyGoldens.loadModel(backend);
    const before = backend.bytesInUse;
    const stop = new AbortController();
    const onToken = () => stop.abort(new Error('enough'));
    const run = generate({ model, promptIds: [1], maxTokens: 9, onToken, signal: stop.signal });
    await expect(run).rejects.toThrow('enough');
    expect(backend.bytesInUse).toBe(before);
  });

  it('stops where the context ends, and refuses what does not fit', async () => {
    const model = await tinyGoldens.loadModel(createReferenceBackend());
    const promptIds = Array(126).fill(18);
    const { ids, stopped } = await generate({ model, promptIds, maxTokens: 12 });
    expect({ length: ids.length, stopped }).toEqual({ length: 2, stopped: 'context' });
    await expect(generate({ model, promptIds: [], maxTokens: 1 })).rejects.toThrow('at least one token');
    await expect(generate({ model, promptIds: Array(129).fill(18), maxTokens: 1 })).rejects.toThrow('context is 128');
  });

  it.skipIf(!storiesGoldens.available)('tells a story from the empty prompt (skipped without ../shared)', async () => {
    const model = await storiesGoldens.loadModel(await createWasmBackend());
    const promptIds = [1];
    const { ids } = await generate({ model, promptIds, maxTokens: 100 });
    const text = model.tokenizer!.decode(ids);
    expect(text).toMatch(/^Once upon a time, there was a little girl named Lily\. She loved to play/);
    // Without a cache, under either packing, the same token comes next.
    for (let t = 0; t < 100; t += 9) {
      const context = [...promptIds, ...ids.slice(0, t)];
      expect(await mostProbable(model, context, 'shared'), `token ${t}, shared`).toBe(ids[t]);
      if (t < 30) expect(await mostProbable(model, context, 'naive'), `token ${t}, naive`).toBe(ids[t]);
    }
    model.dispose();
    expect(model.backend.bytesInUse).toBe(0);
  });
});
