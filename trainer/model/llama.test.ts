/** Finite differences, of every kind of model, and what the golden models do not have. */
import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { packPrompts } from '../data/pack';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import type { ModelConfig } from './config';
import { backward, forward } from './llama';
import { createModel, createRandomModel } from './model';
import { allocateLike, initialWeights } from './parameters';

const config: ModelConfig = {
  vocabSize: 96,
  dim: 12,
  hiddenDim: 20,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 6,
  maxPositions: 64,
  normEpsilon: 1e-5,
  ropeTheta: 500,
  tieEmbeddings: false,
  bosId: 1,
  eosIds: [2],
};

const stretched = { type: 'linear', factor: 3 } as const;

describe('llama, untied head and wide heads', () => {
  const block = packPrompts(tinyPrompts({ count: 2 }), { packing: 'shared' });
  const coefficients = Float32Array.from(block.targets, (_, i) => Math.cos(i));

  it.each<[string, Partial<ModelConfig>]>([
    ['plain', {}],
    ['biases', { attentionBias: 'qkvo' }],
    ['query and key norms', { queryKeyNorm: true }],
    ['q, k and v biases, tied, stretched', { attentionBias: 'qkv', tieEmbeddings: true, ropeScaling: stretched }],
  ])('gradients agree with finite differences of the weighted log-probabilities: %s', async (_, change) => {
    const varied = { ...config, ...change };
    const backend = createReferenceBackend();
    // Larger weights than at the start of a training, so that every tensor has a gradient worth measuring.
    const weights = new Map(
      [...initialWeights(varied, 5)].map(([name, { shape, data }]) => [
        name,
        { shape, data: shape.length > 1 ? data.map((value) => 15 * value) : data },
      ]),
    );
    const model = createModel({ config: varied, weights, backend });
    const gradients = allocateLike(backend, model.parameters);
    const objective = (): number => {
      const { logProb } = forward(model, block, { keep: true });
      const logProbs = backend.readFloat64(logProb, 0, block.targets.length);
      return logProbs.reduce((sum, value, i) => sum + value * coefficients[i]!, 0);
    };
    objective();
    backward(model, block, coefficients, gradients);
    for (const [name, tensor] of model.parameters) {
      const values = backend.readFloat64(tensor);
      const gradient = backend.readFloat64(gradients.get(name)!);
      const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
      expect(norm, name).toBeGreaterThan(1e-3);
      // Along the gradient itself: every element takes part.
      const moved = (by: number): number => {
        backend.writeFloat64(
          tensor,
          values.map((value, i) => value + (by * gradient[i]!) / norm),
        );
        const value = objective();
        backend.writeFloat64(tensor, values);
        return value;
      };
      const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      expect(Math.abs(slope - norm) / norm, name).toBeLessThan(1e-4);
    }
  });

  it('wasm agrees with the reference', async () => {
    const results = await Promise.all(
      [createReferenceBackend(), await createWasmBackend()].map(async (backend) => {
        const model = createRandomModel(config, { backend, seed: 5 });
        const gradients = allocateLike(backend, model.parameters);
        const { logProb } = forward(model, block, { keep: true });
        const logProbs = await backend.read(logProb, 0, block.targets.length);
        backward(model, block, coefficients, gradients);
        const all = await Promise.all([...gradients.values()].map((gradient) => backend.read(gradient)));
        return { logProbs, gradient: all.flatMap((values) => [...values]) };
      }),
    );
    const [reference, wasm] = results as [(typeof results)[0], (typeof results)[0]];
    wasm.logProbs.forEach((value, i) => {
      expect(value).toBeCloseTo(reference.logProbs[i]!, 4);
    });
    const norm = Math.hypot(...reference.gradient);
    expect(Math.hypot(...wasm.gradient.map((value, i) => value - reference.gradient[i]!)) / norm).toBeLessThan(1e-4);
  });

  it('backward adds to gradients, so that two passes give twice the gradient of one', async () => {
    const backend = createReferenceBackend();
    const model = createRandomModel(config, { backend, seed: 5 });
    const gradients = allocateLike(backend, model.parameters);
    const pass = () => {
      forward(model, block, { keep: true });
      backward(model, block, coefficients, gradients);
    };
    pass();
    const once = backend.readFloat64(gradients.get('lm_head.weight')!);
    pass();
    const twice = backend.readFloat64(gradients.get('lm_head.weight')!);
    once.forEach((value, i) => {
      expect(twice[i]).toBeCloseTo(2 * value, 10);
    });
  });
});
