import { describe, expect, it } from 'vitest';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { inEnglish } from '../contract/english';
import type { MemoryEstimate } from '../contract/run-event';
import { packPrompts } from '../data/pack';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { attachAdapter, initialAdapter, trainable } from '../model/adapter';
import type { AdapterConfig } from '../model/adapter-config';
import { parseModelConfig } from '../model/config';
import { backward, forward } from '../model/llama';
import { createRandomModel, exportModel, type Model } from '../model/model';
import { allocateLike } from '../model/parameters';
import { workspaceBytes } from '../model/workspace';
import { describeMemory, estimateMemory, MEMORY_CHOICES, planMemory } from './memory';
import { prepareModel, trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

const tiny = {
  model_type: 'llama',
  vocab_size: 96,
  hidden_size: 32,
  intermediate_size: 88,
  num_hidden_layers: 7,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 128,
};
const mid = { ...tiny, model_type: 'qwen3', hidden_size: 192, intermediate_size: 512, head_dim: 48 };
const smol = {
  ...tiny,
  vocab_size: 49_152,
  hidden_size: 960,
  intermediate_size: 2560,
  num_hidden_layers: 32,
  num_attention_heads: 15,
  num_key_value_heads: 5,
  tie_word_embeddings: true,
};
const adapter: AdapterConfig = {
  rank: 8,
  alpha: 16,
  rankStabilized: false,
  targets: ['q_proj', 'down_proj'],
  dropout: 0.3,
  baseModel: null,
};
const prompts = tinyPrompts({ count: 8 });

async function trained(json: object, change: object = {}, bytesLimit?: number) {
  const backend = await createWasmBackend({ bytesLimit });
  const config = parseTrainConfig({ epochs: 1, heldOutFraction: 0.25, ...change });
  const model = prepareModel(createRandomModel(parseModelConfig(json), { backend, seed: 3 }), config);
  const notes: string[] = [];
  let peak = 0;
  let estimate: MemoryEstimate | undefined;
  await trainPrompts({
    model,
    prompts,
    config,
    onNote: (note) => notes.push(inEnglish(note)),
    onMemory: (found) => {
      estimate = found;
    },
    onMetric: () => {
      peak = Math.max(peak, backend.bytesInUse);
    },
  });
  return { peak, estimate: estimate!, model, notes };
}

const bytesOf = async (model: Model) => Buffer.from((await exportModel(model)).weights);

/** All gradients of one block of an adapter whose B has left zero, and what the pass took on the device. */
async function gradientsOf(layers: number, recompute: boolean): Promise<{ gradients: number[]; bytes: number }> {
  const backend = await createWasmBackend();
  const config = parseModelConfig({ ...tiny, num_hidden_layers: layers });
  const weights = [...initialAdapter(config, adapter, 7)].map(
    ([name, { shape, data }]) => [name, { shape, data: data.map((x, i) => x + 0.05 * Math.sin(i)) }] as const,
  );
  const model = attachAdapter(createRandomModel(config, { backend, seed: 3 }), adapter, new Map(weights));
  const block = packPrompts(tinyPrompts({ count: 2 }), { packing: 'shared' });
  const gradients = allocateLike(backend, trainable(model).tensors);
  const need = { rows: block.ids.length, predictions: block.targets.length, positions: block.positionCount };
  model.workspace.reserve({ ...need, backward: true, recompute });
  forward(model, block, { keep: true, dropoutSeed: 5 });
  const coefficients = Float32Array.from(block.targets, (_, i) => Math.cos(i));
  backward(model, block, coefficients, gradients, { dropoutSeed: 5 });
  const values: number[] = [];
  for (const gradient of gradients.values()) values.push(...(await backend.read(gradient)));
  return { gradients: values, bytes: backend.bytesInUse };
}

describe('estimateMemory', () => {
  it.each([
    ['tiny', tiny, {}],
    ['mid', mid, {}],
    ['tiny, adapter with dropout', tiny, { loraRank: 4, loraDropout: 0.1 }],
    ['mid, adapter', mid, { loraRank: 4 }],
  ])('is what training really takes: %s', async (_, json, config) => {
    const { peak, estimate } = await trained(json, config);
    expect(Math.abs(peak / estimate.total - 1)).toBeLessThan(0.001);
    const { weights, gradients, optimizer, activations, total } = estimate;
    expect(weights + gradients + optimizer + activations).toBe(total);
  });

  it('knows what fits 4 GiB: 360M parameters with an adapter, not with full AdamW', () => {
    const config = parseModelConfig(smol);
    const need = { rows: 1024, predictions: 512, positions: 1024 };
    const full = estimateMemory(config, null, need);
    expect(full.weights / 4).toBeGreaterThan(361e6);
    expect(full.gradients + full.optimizer).toBeGreaterThanOrEqual(3 * full.weights);
    expect(full.total).toBeGreaterThan(2 ** 32);
    const kept = estimateMemory(config, adapter, need);
    const recomputed = estimateMemory(config, adapter, { ...need, recompute: true });
    expect(recomputed.total).toBeLessThan(2 ** 32);
    expect(recomputed.activations).toBeLessThan(kept.activations / 2);
    expect(describeMemory(full)).toMatch(/^weights 13\d\d\.\d MiB, gradients .* MiB, optimizer .* MiB, activations/);
  });
});

describe('keeping logits', () => {
  it('takes 64 MiB at most, however many predictions and words there are', () => {
    const config = parseModelConfig(smol);
    const kept = (predictions: number) => {
      const bytes = (cacheLogits: boolean) =>
        workspaceBytes(config, { rows: 2048, predictions, positions: 1024, backward: true, cacheLogits });
      return bytes(true) - bytes(false);
    };
    expect(kept(100)).toBe(100 * 49_152 * 4);
    // Whole rows only: 341 of them.
    expect(kept(341)).toBe(341 * 49_152 * 4);
    expect(kept(2000)).toBe(kept(341));
    expect(kept(2000)).toBeLessThanOrEqual(2 ** 26);
  });

  it('is given up when memory is short, before activations are computed twice, and changes no bit', async () => {
    const roomy = await trained(tiny);
    const tight = await trained(tiny, {}, roomy.peak - 1);
    expect(tight.notes).toEqual([]);
    expect(tight.peak).toBeLessThan(roomy.peak);
    expect(Math.abs(tight.peak / tight.estimate.total - 1)).toBeLessThan(0.001);
    expect(Buffer.compare(await bytesOf(tight.model), await bytesOf(roomy.model))).toBe(0);
  });

  it('comes back where activations are computed twice and there is room for it then', async () => {
    const config = parseModelConfig(tiny);
    const need = { rows: 200, predictions: 60, positions: 100 };
    const totals = MEMORY_CHOICES.map((choice) => estimateMemory(config, null, { ...need, ...choice }).total);
    expect(totals).toEqual([...totals].sort((a, b) => b - a));
    for (const [i, choice] of MEMORY_CHOICES.entries()) {
      const backend = await createWasmBackend({ bytesLimit: totals[i] });
      const model = createRandomModel(config, { backend, seed: 3 });
      expect(planMemory(model, need)).toMatchObject(choice);
      backend.dispose();
    }
  });
});

describe('recomputing activations', () => {
  it('is chosen when memory is short, with a note, stays within the limit, and changes no bit', async () => {
    const roomy = await trained(tiny);
    expect(roomy.notes).toEqual([]);
    const bytesLimit = Math.floor(0.8 * roomy.peak);
    const tight = await trained(tiny, {}, bytesLimit);
    expect(tight.notes).toEqual(['activations do not fit into memory and are computed twice; the result is the same']);
    expect(tight.peak).toBeLessThan(bytesLimit);
    expect(Math.abs(tight.peak / tight.estimate.total - 1)).toBeLessThan(0.001);
    expect(Buffer.compare(await bytesOf(tight.model), await bytesOf(roomy.model))).toBe(0);
  });

  it.each([1, 2, 3, 4, 5, 9])('changes no gradient of %i layers, dropout included', async (layers) => {
    const kept = await gradientsOf(layers, false);
    const recomputed = await gradientsOf(layers, true);
    expect(recomputed.gradients).toEqual(kept.gradients);
    expect(kept.gradients.every((value) => value !== 0)).toBe(true);
    if (layers > 2) expect(recomputed.bytes).toBeLessThan(kept.bytes);
  });

  it('where it is not enough, training is refused before it allocates anything, with numbers and remedies', async () => {
    const { peak } = await trained(tiny);
    await expect(trained(tiny, {}, Math.floor(0.3 * peak))).rejects.toThrow(
      /^training needs \d+\.\d MiB \(weights .*, activations .* MiB\), but the device has .* MiB; train a LoRA adapter/,
    );
  });
});
