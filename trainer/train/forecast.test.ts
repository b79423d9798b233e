import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import type { MemoryEstimate } from '../contract/run-event';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { scorePrompts } from '../infer/score-records';
import { trainedParameterCount } from '../model/adapter';
import { parseModelConfig } from '../model/config';
import { createRandomModel } from '../model/model';
import { checkTrainingFits, type ForecastInput, forecastTraining } from './forecast';
import { prepareModel, trainPrompts } from './train';
import { parseTrainConfig } from './train-config';

const shape = {
  model_type: 'llama',
  vocab_size: 96,
  hidden_size: 64,
  intermediate_size: 172,
  num_hidden_layers: 6,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  max_position_embeddings: 128,
};
const config = parseModelConfig(shape);
const input: ForecastInput = { model: config, prompts: tinyPrompts({ count: 24, longest: 30 }), halfWeights: false };
const trainConfig = (change: object) => parseTrainConfig({ epochs: 1, heldOutFraction: 0.25, ...change });
const room = (bytesLimit: number, bufferLimit = bytesLimit) => ({
  kind: 'wasm' as const,
  prefersHalf: false,
  bytesLimit,
  bufferLimit,
});
const plenty = room(2 ** 32);

/** The most bytes that a run of the app has in use: scoring, training, scoring again. */
async function peakOf(change: object, bytesLimit?: number) {
  const backend = await createWasmBackend({ bytesLimit });
  const trained = trainConfig(change);
  const model = prepareModel(createRandomModel(config, { backend, seed: 3 }), trained);
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, backend.bytesInUse);
  };
  await scorePrompts(model, input.prompts, { packing: trained.packing, onProgress: look });
  await trainPrompts({ model, prompts: input.prompts, config: trained, onMetric: look });
  await scorePrompts(model, input.prompts, { packing: trained.packing, onProgress: look });
  return { peak, parameters: trainedParameterCount(model) };
}

describe('a forecast', () => {
  it.each([
    ['of the whole model', {}],
    ['of the whole model, naive packing', { packing: 'naive' }],
    ['of an adapter, where scoring takes the most', { loraRank: 4, loraDropout: 0.1 }],
    ['of an adapter on few layers, one prompt at a time', { loraRank: 2, loraTargets: 'q_proj', batchSize: 1 }],
  ])('is what a run really takes: %s', async (_, change) => {
    const forecast = forecastTraining(input, trainConfig(change), plenty);
    const { peak, parameters } = await peakOf(change);
    expect(Math.abs(peak / forecast.peak - 1)).toBeLessThan(0.01);
    expect(forecast).toMatchObject({ fits: true, recompute: false, remedies: [], trainedParameters: parameters });
  });

  it('computes activations twice where that makes it fit, and so does the training', async () => {
    const kept = forecastTraining(input, trainConfig({}), plenty);
    const bytesLimit = Math.floor(kept.peak * 0.85);
    const tight = forecastTraining(input, trainConfig({}), room(bytesLimit));
    expect(tight).toMatchObject({ fits: true, recompute: true });
    expect((await peakOf({}, bytesLimit)).peak).toBeLessThanOrEqual(bytesLimit);
  });

  it('counts mixed precision where the device is better off with it, as the training does', async () => {
    const gpu = { ...plenty, kind: 'webgpu' as const };
    const wide = { ...input, model: parseModelConfig({ ...shape, num_attention_heads: 8 }) };
    for (const change of [{}, { loraRank: 4 }]) {
      const of = (prefersHalf: boolean) =>
        forecastTraining(wide, trainConfig(change), { ...gpu, prefersHalf }).estimate;
      const mixed = trainConfig({ ...change, precision: 'mixed' });
      const base = createRandomModel(wide.model, { backend: createReferenceBackend(), seed: 3 });
      const taken: MemoryEstimate[] = [];
      await trainPrompts({
        model: prepareModel(base, mixed),
        prompts: input.prompts.slice(0, 2),
        config: mixed,
        onMemory: (estimate) => taken.push(estimate),
      });
      const few = { ...wide, prompts: input.prompts.slice(0, 2) };
      expect(taken).toEqual([forecastTraining(few, mixed, gpu).estimate]);
      expect(of(true).activations).toBeLessThan(0.85 * of(false).activations);
    }
  });

  it('gives up the logit cache first, and so does the training', async () => {
    const { peak } = forecastTraining(input, trainConfig({}), plenty);
    const tight = forecastTraining(input, trainConfig({}), room(peak - 1));
    expect(tight).toMatchObject({ fits: true, recompute: false });
    expect((await peakOf({}, peak - 1)).peak / tight.peak).toBeCloseTo(1, 2);
  });

  it('counts frozen matrices of a 16-bit file in 16 bits, on a GPU and under an adapter alone', () => {
    const half = { ...input, halfWeights: true };
    const weights = (kind: 'wasm' | 'webgpu', change: object, from: ForecastInput) =>
      forecastTraining(from, trainConfig(change), { ...plenty, kind }).estimate.weights;
    const full = weights('webgpu', { loraRank: 4 }, input);
    expect(weights('webgpu', { loraRank: 4 }, half) / full).toBeLessThan(0.56);
    expect(weights('wasm', { loraRank: 4 }, half)).toBe(full);
    expect(weights('webgpu', {}, half)).toBe(weights('webgpu', {}, input));
  });

  it('that does not fit lists remedies, each of which suffices', () => {
    const long = { ...input, prompts: tinyPrompts({ count: 24, longest: 64 }) };
    const config = { batchSize: 8, heldOutFraction: 0 };
    const cramped = forecastTraining(long, trainConfig(config), room(1)).peak;
    const device = room(Math.floor(0.96 * cramped));
    const { fits, remedies } = forecastTraining(long, trainConfig(config), device);
    expect(fits).toBe(false);
    expect(remedies.map(({ kind }) => kind)).toEqual(['adapter', 'batch-size', 'max-length']);
    for (const remedy of remedies) {
      expect(remedy.bytes).toBeLessThanOrEqual(device.bytesLimit);
      if (remedy.kind === 'max-length') continue;
      const change = remedy.kind === 'adapter' ? { loraRank: 8 } : { batchSize: remedy.batchSize };
      expect(forecastTraining(long, trainConfig({ ...config, ...change }), device)).toMatchObject({
        fits: true,
        peak: remedy.bytes,
      });
    }
  });

  it('counts the largest buffer that a device makes, whatever room it has in all', () => {
    const largest = 4 * 172 * forecastTraining(input, trainConfig({}), plenty).blockTokens;
    expect(forecastTraining(input, trainConfig({}), room(2 ** 32, 2 ** 30)).fits).toBe(true);
    expect(forecastTraining(input, trainConfig({}), room(2 ** 32, largest / 4)).fits).toBe(false);
  });
});

describe('a training that cannot fit', () => {
  it('is refused with the numbers and a way out', () => {
    const forecast = forecastTraining(input, trainConfig({}), room(2 ** 20));
    expect(() => checkTrainingFits(forecast)).toThrow(
      /^training needs \d+\.\d MiB \(weights .* activations .* MiB\), but the device has 1\.0 MiB: /,
    );
    const hopeless = forecastTraining(input, trainConfig({ loraRank: 2 }), room(1000));
    expect(hopeless.remedies).toEqual([]);
    expect(() => checkTrainingFits(hopeless)).toThrow(/: choose a smaller model$/);
    checkTrainingFits(forecastTraining(input, trainConfig({}), plenty));
  });
});
