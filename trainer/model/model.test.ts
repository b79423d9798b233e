import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { collectGarbage } from '../fixtures/collect-garbage';
import { tinyGoldens } from '../fixtures/golden';
import { parseSafetensors } from '../io/safetensors';
import type { ModelConfig } from './config';
import { createModel, createRandomModel, exportModel } from './model';
import { initialWeights, parameterCount, parameterShapes } from './parameters';

const config: ModelConfig = {
  vocabSize: 64,
  dim: 32,
  hiddenDim: 48,
  layers: 8,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  maxPositions: 32,
  normEpsilon: 1e-5,
  ropeTheta: 10_000,
  tieEmbeddings: false,
  bosId: 1,
  eosIds: [2],
};

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('parameters', () => {
  it('an untied head has a tensor of its own, a tied one has not', () => {
    expect(parameterShapes(config).get('lm_head.weight')).toEqual([64, 32]);
    const tied = { ...config, tieEmbeddings: true };
    expect(parameterShapes(tied).has('lm_head.weight')).toBe(false);
    expect(parameterCount(config) - parameterCount(tied)).toBe(64 * 32);
  });

  it('starts from a seed: matrices near 0.02, residual projections smaller with depth, norms one', () => {
    const weights = initialWeights(config, 3);
    expect(deviation(weights.get('model.embed_tokens.weight')!.data)).toBeCloseTo(0.02, 2);
    expect(deviation(weights.get('model.layers.5.mlp.down_proj.weight')!.data)).toBeCloseTo(0.02 / 4, 3);
    expect(deviation(weights.get('model.layers.5.self_attn.o_proj.weight')!.data)).toBeCloseTo(0.02 / 4, 3);
    expect(new Set(weights.get('model.norm.weight')!.data)).toEqual(new Set([1]));
    expect(initialWeights(config, 3)).toEqual(weights);
    expect(initialWeights(config, 4)).not.toEqual(weights);
  });
});

describe('createModel', () => {
  it('writes back what it read, tensor by tensor', async () => {
    const model = await tinyGoldens.loadModel(createReferenceBackend());
    const { config: json, weights } = await exportModel(model);
    expect(json).toMatchObject({ model_type: 'llama', hidden_size: 32, tie_word_embeddings: true });
    const tensors = parseSafetensors(weights);
    expect([...tensors.keys()].sort()).toEqual([...parameterShapes(model.config).keys()].sort());
    const [name] = parameterShapes(model.config).keys();
    expect(tensors.get(name!)!.data).toEqual(await model.backend.read(model.parameters.get(name!)!));
  });

  it('refuses weights that are not the model, naming the tensor, and keeps no memory', () => {
    const backend = createReferenceBackend();
    const broken = (change: (weights: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) => {
      const weights = new Map(initialWeights(config, 1));
      change(weights);
      return () => createModel({ config, weights, backend });
    };
    const normName = 'model.norm.weight';
    expect(broken((w) => w.delete(normName))).toThrow(/missing the tensor "model.norm.weight"/);
    expect(broken((w) => w.set(normName, { shape: [31], data: new Float32Array(31) }))).toThrow(/\[31\].*\[32\]/);
    expect(broken((w) => w.set('extra', { shape: [1], data: new Float32Array(1) }))).toThrow(/"extra"/);
    const notNumbers = new Float32Array(32).fill(Number.NaN);
    expect(broken((w) => w.set(normName, { shape: [32], data: notNumbers }))).toThrow(/has the value NaN at element 0/);
    expect(backend.bytesInUse).toBe(0);
  });

  it('gives all memory back', () => {
    const backend = createReferenceBackend();
    const model = createRandomModel(config, { backend, seed: 1 });
    expect(backend.bytesInUse).toBeGreaterThan(0);
    model.dispose();
    expect(backend.bytesInUse).toBe(0);
  });
});

describe('a model', () => {
  it.each([false, true])(
    'holds on to its parameters, not to the weights that they came from; frozen: %s',
    async (frozen) => {
      const backend = createReferenceBackend();
      const make = () => {
        const weights = initialWeights(config, 1);
        return { model: createModel({ config, weights, backend, frozen }), weights: new WeakRef(weights) };
      };
      const { model, weights } = make();
      // What a reference was made to stays until the task ends.
      await new Promise((resolve) => setTimeout(resolve));
      collectGarbage();
      expect(weights.deref()).toBeUndefined();
      model.dispose();
    },
  );
});
