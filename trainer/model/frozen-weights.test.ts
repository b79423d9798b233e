import { describe, expect, it, vi } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { testingDevice } from '../backends/webgpu/testing-device';
import { createWebGpuBackend } from '../backends/webgpu/webgpu-backend';
import { tinyGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { scorePrompts } from '../infer/score-records';
import { parseSafetensors, serializeSafetensors } from '../io/safetensors';
import { prepareModel, trainPrompts } from '../train/train';
import { parseTrainConfig } from '../train/train-config';
import { exportAdapter } from './adapter';
import { loadModel } from './model';

vi.setConfig({ testTimeout: 240_000 });
const { device, why } = await testingDevice();
if (!device) console.warn(`\nSKIPPED: frozen weights on WebGPU, because ${why}\n`);

/** The tiny model as a file of the given type. */
async function tinyFiles(dtype: 'F32' | 'F16' | 'BF16') {
  const { model } = await tinyGoldens.files();
  return { ...model, weights: serializeSafetensors(parseSafetensors(model.weights), { dtype }) };
}
const prompts = tinyPrompts({ count: 6 });
const blocks = { packing: 'shared' as const, maxPrompts: 4, maxRows: 200 };
const flat = (scores: Awaited<ReturnType<typeof scorePrompts>>) => scores.map(({ score }) => score);

describe('frozen weights of a 16-bit file', () => {
  it('are stored in 16 bits where the backend can, matrices only, and read back unchanged', async () => {
    const files = await tinyFiles('F16');
    const model = await loadModel(files, createReferenceBackend(), { frozen: true });
    for (const [name, { data, shape }] of parseSafetensors(files.weights)) {
      const tensor = model.parameters.get(name)!;
      expect(tensor.dtype, name).toBe(shape.length === 2 ? 'f16' : 'f32');
      expect(await model.backend.read(tensor)).toEqual(data);
    }
  });

  it('stay f32 where they may change, where the file is f32, and where f16 lacks the range', async () => {
    const types = async (dtype: 'F32' | 'BF16', frozen: boolean, change = (_: Float32Array) => {}) => {
      const tensors = parseSafetensors((await tinyFiles(dtype)).weights);
      change(tensors.get('model.embed_tokens.weight')!.data);
      const weights = serializeSafetensors(tensors, { dtype });
      const model = await loadModel({ ...(await tinyFiles(dtype)), weights }, createReferenceBackend(), { frozen });
      return [...model.parameters].map(([name, tensor]) => `${name} ${tensor.dtype}`);
    };
    expect((await types('BF16', false)).join()).not.toContain('f16');
    expect((await types('F32', true)).join()).not.toContain('f16');
    const large = await types('BF16', true, (data) => data.set([70_000]));
    expect(large).toContain('model.embed_tokens.weight f32');
    expect(large.filter((entry) => entry.endsWith('f16')).length).toBeGreaterThan(5);
  });

  it('have the same hash on every backend, so that a training can resume on another one', async () => {
    const files = await tinyFiles('BF16');
    const hashes = [createReferenceBackend(), await createWasmBackend()].map(async (backend) => {
      const { frozenHash } = await loadModel(files, backend, { frozen: true });
      return frozenHash;
    });
    const [first, second] = await Promise.all(hashes);
    expect(first).toMatch(/^[0-9a-f]+$/);
    expect(second).toBe(first);
  });

  it.skipIf(!device)('score on WebGPU as the f32 weights of the same values do, in half the memory', async () => {
    const backend = await createWebGpuBackend({ device: device! });
    const f16 = await loadModel(await tinyFiles('F16'), backend, { frozen: true });
    const bytes = backend.bytesInUse;
    const wide = await loadModel(await tinyFiles('F16'), backend);
    expect(bytes / (backend.bytesInUse - bytes)).toBeLessThan(0.55);
    const [a, b] = [await scorePrompts(f16, prompts, blocks), await scorePrompts(wide, prompts, blocks)];
    for (const [i, score] of flat(a).entries()) expect(score).toBeCloseTo(flat(b)[i]!, 5);
    backend.dispose();
  });

  it.skipIf(!device)(
    'let an adapter train on WebGPU as it does over f32, and the run says what they take',
    async () => {
      const config = parseTrainConfig({ epochs: 1, batchSize: 3, heldOutFraction: 0, learningRate: 1e-2, loraRank: 2 });
      const trained = async (frozen: boolean) => {
        const backend = await createWebGpuBackend({ device: device! });
        const model = prepareModel(await loadModel(await tinyFiles('F16'), backend, { frozen }), config);
        const before = backend.bytesInUse;
        let weights = 0;
        const losses: number[] = [];
        await trainPrompts({
          model,
          prompts,
          config,
          onMemory: (estimate) => {
            weights = estimate.weights;
          },
          onMetric: ({ loss }) => losses.push(loss!),
        });
        const adapter = parseSafetensors((await exportAdapter(model)).weights);
        backend.dispose();
        expect(weights).toBe(before);
        return { losses, adapter };
      };
      const [half, wide] = [await trained(true), await trained(false)];
      for (const [i, loss] of half.losses.entries()) expect(loss).toBeCloseTo(wide.losses[i]!, 4);
      for (const [name, { data }] of half.adapter) {
        const other = wide.adapter.get(name)!.data;
        expect(Math.max(...data.map((value, i) => Math.abs(value - other[i]!))), name).toBeLessThan(5e-4);
      }
    },
  );
});
