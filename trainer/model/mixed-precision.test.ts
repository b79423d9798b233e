import { describe, expect, it, vi } from 'vitest';
import type { Backend } from '../backends/backend';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { testingDevice } from '../backends/webgpu/testing-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { inEnglish } from '../contract/english';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { fromHalf, toHalf } from '../io/half-precision';
import { parseSafetensors } from '../io/safetensors';
import { type CaseLoss, lossOfCase } from '../loss/loss-of-case';
import type { Checkpoint } from '../train/checkpoint';
import { prepareModel, type TrainPromptsOptions, trainPrompts } from '../train/train';
import { parseTrainConfig, usesMixedPrecision } from '../train/train-config';
import { exportAdapter, trainable } from './adapter';
import { parseModelConfig } from './config';
import { mixedPrecision } from './mixed-precision';
import { createRandomModel, exportModel, type Model } from './model';

vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: mixed precision on WebGPU, because ${why}\n`);
const onGpu = () => createWebGpuBackend({ device: device! });

const tiny = {
  vocab_size: 96,
  hidden_size: 32,
  intermediate_size: 88,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 128,
};
const kinds = {
  llama: { ...tiny, model_type: 'llama' },
  qwen2: { ...tiny, model_type: 'qwen2', tie_word_embeddings: true },
  qwen3: { ...tiny, model_type: 'qwen3', head_dim: 16 },
};
const prompts = tinyPrompts({ count: 8 });
const defaults = { epochs: 2, batchSize: 3, heldOutFraction: 0.25, learningRate: 3e-3 };

interface Trained {
  readonly model: Model;
  readonly losses: number[];
  readonly weights: ReturnType<typeof parseSafetensors>;
  readonly checkpoints: Checkpoint[];
  readonly peak: number;
  readonly estimate: number;
  readonly notes: string[];
}

async function trained(
  backend: Backend,
  kind: object,
  change: object,
  more: Partial<TrainPromptsOptions> = {},
): Promise<Trained> {
  const config = parseTrainConfig({ ...defaults, ...change });
  const model = prepareModel(createRandomModel(parseModelConfig(kind), { backend, seed: 3 }), config);
  const [losses, checkpoints, notes]: [number[], Checkpoint[], string[]] = [[], [], []];
  let [peak, estimate] = [0, 0];
  await trainPrompts({
    model,
    prompts,
    config,
    checkpointEvery: 2,
    onCheckpoint: (checkpoint) => void checkpoints.push(checkpoint),
    onNote: (note) => notes.push(inEnglish(note)),
    onMemory: ({ total }) => {
      estimate = total;
    },
    onMetric: ({ step, loss }) => {
      peak = Math.max(peak, backend.bytesInUse);
      if (step > 0) losses.push(loss!);
    },
    ...more,
  });
  const { weights } = model.adapter ? await exportAdapter(model) : await exportModel(model);
  return { model, losses, weights: parseSafetensors(weights), checkpoints, peak, estimate, notes };
}

/** Largest difference of two sets of tensors over the largest value. */
function difference(a: CaseLoss['gradients'], b: CaseLoss['gradients']): number {
  let [worst, size] = [0, 0];
  const other = b();
  for (const [name, { data }] of a()) {
    data.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - other.get(name)!.data[i]!));
      size = Math.max(size, Math.abs(value));
    });
  }
  return worst / size;
}

describe('mixed precision', () => {
  it.each([
    ['llama', {}],
    ['qwen2', { epochs: 1 }],
    ['qwen3', { epochs: 1 }],
    ['qwen2', { epochs: 1, loraRank: 3, loraDropout: 0.2 }],
  ] as const)('is f32 to the bit where nothing is rounded: %s on the reference, %o', async (kind, change) => {
    const of = (precision: string) => trained(createReferenceBackend(), kinds[kind], { ...change, precision });
    const [mixed, plain] = [await of('mixed'), await of('f32')];
    expect(mixed.losses).toEqual(plain.losses);
    for (const [name, { data }] of mixed.weights) expect(data, name).toEqual(plain.weights.get(name)!.data);
    expect(mixed.notes).toEqual(['mixed precision: activations are kept in 16 bits']);
    expect(plain.notes).toEqual([]);
  });

  it('is used on request or where the device prefers it, and only where model and backend support it', () => {
    const mixed = (precision: string | undefined, prefersHalf: boolean, kind: object = kinds.llama, takesHalf = true) =>
      usesMixedPrecision(parseTrainConfig({ precision }), parseModelConfig(kind), { takesHalf, prefersHalf });
    expect([mixed(undefined, false), mixed(undefined, true)]).toEqual([false, true]);
    expect([mixed('mixed', false), mixed('f32', true)]).toEqual([true, false]);
    expect(mixed('mixed', true, kinds.llama, false)).toBe(false);
    expect(mixed('mixed', true, { ...kinds.llama, intermediate_size: 90 })).toBe(false);
    expect(mixed('mixed', true, { ...kinds.llama, num_attention_heads: 8 })).toBe(false);
  });

  it('is f32 on the CPU, and says so where it was asked for', async () => {
    const { notes, losses } = await trained(await createWasmBackend(), kinds.llama, { epochs: 1, precision: 'mixed' });
    expect(notes).toEqual([expect.stringMatching(/^mixed precision was requested, but .* everything is f32$/)]);
    const plain = await trained(await createWasmBackend(), kinds.llama, { epochs: 1 });
    expect(losses).toEqual(plain.losses);
  });
});

describe.skipIf(!device)('mixed precision on WebGPU', () => {
  const lossCase = {
    prompt_ids: [1, 20, 31, 42, 53],
    responses: [
      { ids: [7, 7, 30, 2], tier: 0 },
      { ids: [40, 7, 2], tier: 1, length_exponent: 0.85 },
      { ids: [50, 60, 70, 80, 2], tier: 2, length_exponent: 0.85 },
    ],
    alpha: 1,
    margin: 2,
  };

  it.each(Object.entries(kinds))('has the gradients of f32 to three digits: %s', async (_, kind) => {
    const backend = await onGpu();
    const model = createRandomModel(parseModelConfig(kind), { backend, seed: 5 });
    const exact = await lossOfCase(model, lossCase);
    const { passes, dispose } = mixedPrecision(model);
    for (const packing of ['shared', 'naive'] as const) {
      const rounded = await lossOfCase(passes, lossCase, { packing });
      expect(Math.abs(rounded.loss / exact.loss - 1)).toBeLessThan(1e-3);
      const error = difference(exact.gradients, rounded.gradients);
      expect(error).toBeLessThan(5e-3);
      // Else nothing would have been rounded.
      expect(error).toBeGreaterThan(1e-6);
    }
    const before = backend.bytesInUse;
    dispose();
    expect(backend.bytesInUse).toBeLessThan(before);
    model.dispose();
    expect(backend.bytesInUse).toBe(0);
    backend.dispose();
  });

  it.each([
    ['llama', {}],
    ['llama', { loraRank: 3, loraDropout: 0.1 }],
  ] as const)('trains as f32 does, and takes what was estimated: %s, %o', async (kind, change) => {
    const of = async (precision: string) => trained(await onGpu(), kinds[kind], { ...change, precision });
    const [mixed, plain] = [await of('mixed'), await of('f32')];
    mixed.losses.forEach((loss, i) => {
      expect(Math.abs(loss / plain.losses[i]! - 1), `step ${i + 1}`).toBeLessThan(5e-3);
    });
    expect(mixed.losses).not.toEqual(plain.losses);
    expect(mixed.losses.at(-1)).toBeLessThan(mixed.losses[0]!);
    expect(Math.abs(mixed.peak / mixed.estimate - 1)).toBeLessThan(0.001);
    // What is exported are the weights that were trained, not their copies in f16.
    const [name] = [...trainable(mixed.model).shapes.keys()];
    const { data } = mixed.weights.get(name!)!;
    expect(data.some((value) => value !== fromHalf(toHalf(value)))).toBe(true);
    for (const { model } of [mixed, plain]) model.backend.dispose();
  });

  it('resumes from a checkpoint with the same result as without a stop', async () => {
    const whole = await trained(await onGpu(), kinds.llama, { precision: 'mixed' });
    const [resumeFrom] = whole.checkpoints;
    const resumed = await trained(await onGpu(), kinds.llama, { precision: 'mixed' }, { resumeFrom });
    expect(resumed.losses).toEqual(whole.losses.slice(resumeFrom!.state.step));
    for (const [name, { data }] of resumed.weights) expect(data, name).toEqual(whole.weights.get(name)!.data);
    for (const { model } of [whole, resumed]) model.backend.dispose();
  });
});
