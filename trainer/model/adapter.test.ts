import { describe, expect, it } from 'vitest';
import { createReferenceBackend } from '../backends/reference/reference-backend';
import { createWasmBackend } from '../backends/wasm/wasm-backend';
import { adapterLayers } from '../contract/train-config';
import { packPrompts } from '../data/pack';
import { gaussian, seededRandom } from '../data/seeded-random';
import { adapterGoldens } from '../fixtures/golden';
import { tinyPrompts } from '../fixtures/tiny-prompts';
import { generate } from '../infer/generate';
import { scorePrompts } from '../infer/score-records';
import { parseSafetensors, serializeSafetensors } from '../io/safetensors';
import { attachAdapter, exportAdapter, initialAdapter, loadAdapter, mergeAdapter, trainable } from './adapter';
import type { AdapterConfig } from './adapter-config';
import { adapterShapes } from './adapter-modules';
import type { ModelConfig } from './config';
import { backward, forward } from './llama';
import { createRandomModel, exportModel, type Model } from './model';
import { allocateLike, type NamedArrays } from './parameters';

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
  tieEmbeddings: true,
  bosId: 1,
  eosIds: [2],
};

const adapter: AdapterConfig = {
  rank: 3,
  alpha: 5,
  rankStabilized: false,
  targets: adapterLayers,
  dropout: 0,
  baseModel: null,
};

/** Both matrices random, so that every one has a gradient. */
function randomAdapter(of: AdapterConfig): NamedArrays {
  const random = seededRandom(9);
  return new Map(
    [...adapterShapes(config, of)].map(([name, shape]) => [
      name,
      { shape, data: Float32Array.from({ length: shape[0]! * shape[1]! }, () => 0.3 * gaussian(random)) },
    ]),
  );
}

const prompts = tinyPrompts({ count: 2 });
const block = packPrompts(prompts, { packing: 'shared' });
const coefficients = Float32Array.from(block.targets, (_, i) => Math.cos(i));

describe('an adapter', () => {
  it.each([
    ['all layers', {}, undefined],
    ['some layers, rank-stabilised', { targets: ['v_proj', 'down_proj'], rankStabilized: true }, undefined],
    ['with dropout of a fixed seed', { dropout: 0.4 }, 77],
  ] as const)('has gradients that agree with finite differences, and no others: %s', async (_, change, dropoutSeed) => {
    const backend = createReferenceBackend();
    const varied = { ...adapter, ...change };
    const base = createRandomModel(config, { backend, seed: 5 });
    for (const [name, tensor] of base.parameters) {
      if (name.endsWith('proj.weight')) backend.scale(tensor, 15, tensor.length);
    }
    const model = attachAdapter(base, varied, randomAdapter(varied));
    const gradients = allocateLike(backend, trainable(model).tensors);
    expect([...gradients.keys()].every((name) => /^base_model\.model\..*\.lora_[AB]\.weight$/.test(name))).toBe(true);
    const objective = (): number => {
      const { logProb } = forward(model, block, { keep: true, dropoutSeed });
      const logProbs = backend.readFloat64(logProb, 0, block.targets.length);
      return logProbs.reduce((sum, value, i) => sum + value * coefficients[i]!, 0);
    };
    objective();
    backward(model, block, coefficients, gradients, { dropoutSeed });
    for (const [name, tensor] of trainable(model).tensors) {
      const values = backend.readFloat64(tensor);
      const gradient = backend.readFloat64(gradients.get(name)!);
      const norm = Math.hypot(...gradient);
      expect(norm, name).toBeGreaterThan(1e-3);
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

  it('applies dropout in training, by seed, and none when it scores', async () => {
    const backend = createReferenceBackend();
    const model = (dropout: number) =>
      attachAdapter(createRandomModel(config, { backend, seed: 5 }), { ...adapter, dropout }, randomAdapter(adapter));
    const logProbs = (of: Model, dropoutSeed?: number) => {
      const { logProb } = forward(of, block, { keep: true, dropoutSeed });
      return backend.readFloat64(logProb, 0, block.targets.length);
    };
    const dropping = model(0.4);
    const first = logProbs(dropping, 1);
    expect(logProbs(dropping, 1)).toEqual(first);
    expect(logProbs(dropping, 2)).not.toEqual(first);
    expect(logProbs(dropping)).not.toEqual(first);
    expect(logProbs(dropping)).toEqual(logProbs(model(0), 1));
  });

  it('starts as in PEFT, without effect: B zero, A uniform within 1/sqrt(in), the same from the same seed', async () => {
    const weights = initialAdapter(config, adapter, 3);
    for (const [name, { shape, data }] of weights) {
      const bound = name.endsWith('.lora_A.weight') ? 1 / Math.sqrt(shape[1]!) : 0;
      const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expect(largest, name).toBeLessThanOrEqual(bound);
      expect(largest, name).toBeGreaterThanOrEqual(0.8 * bound);
    }
    expect(initialAdapter(config, adapter, 3)).toEqual(weights);
    expect(initialAdapter(config, adapter, 4)).not.toEqual(weights);
    const base = createRandomModel(config, { backend: createReferenceBackend(), seed: 5 });
    const before = await scorePrompts(base, prompts);
    expect(await scorePrompts(attachAdapter(base, adapter, weights), prompts)).toEqual(before);
  });

  it.each(['reference', 'wasm'] as const)(
    'merged scores and continues as it did beside the model (%s)',
    async (name) => {
      const backend = name === 'wasm' ? await createWasmBackend() : createReferenceBackend();
      const free = backend.bytesInUse;
      const base = createRandomModel(config, { backend, seed: 5 });
      const plain = await scorePrompts(base, prompts);
      const model = attachAdapter(base, { ...adapter, dropout: 0.5 }, randomAdapter(adapter));
      const beside = await scorePrompts(model, prompts);
      const continued = await generate({ model, promptIds: [1, 18, 56], maxTokens: 10 });
      await expect(exportModel(model)).rejects.toThrow('merge it first');
      const merged = mergeAdapter(model);
      expect(merged.adapter).toBeNull();
      const scores = await scorePrompts(merged, prompts);
      beside.forEach(({ score }, i) => {
        expect(Math.abs(scores[i]!.score - score)).toBeLessThan(1e-5);
      });
      expect(Math.max(...beside.map(({ score }, i) => Math.abs(score - plain[i]!.score)))).toBeGreaterThan(1e-2);
      expect(await generate({ model: merged, promptIds: [1, 18, 56], maxTokens: 10 })).toEqual(continued);
      expect(parseSafetensors((await exportModel(merged)).weights).size).toBe(base.parameters.size);
      merged.dispose();
      expect(backend.bytesInUse).toBe(free);
    },
  );

  it('survives a round trip through its files, and is disposed of with the model', async () => {
    const backend = createReferenceBackend();
    const fresh = () => createRandomModel(config, { backend, seed: 5 });
    const model = attachAdapter(fresh(), adapter, randomAdapter(adapter));
    const { config: json, weights } = await exportAdapter(model);
    expect(json).toMatchObject({ peft_type: 'LORA', r: 3, lora_alpha: 5, target_modules: [...adapterLayers] });
    const again = loadAdapter(fresh(), { config: json, weights });
    expect(again.adapter!.config).toEqual(adapter);
    expect(await scorePrompts(again, prompts)).toEqual(await scorePrompts(model, prompts));
    model.dispose();
    again.dispose();
    expect(backend.bytesInUse).toBe(0);
  });

  it("is read under an adapter's own name in memory, one alone", async () => {
    const backend = createReferenceBackend();
    const fresh = () => createRandomModel(config, { backend, seed: 5 });
    const { config: json, weights } = await exportAdapter(attachAdapter(fresh(), adapter, randomAdapter(adapter)));
    const named = (...names: string[]) =>
      serializeSafetensors(
        new Map(
          names.flatMap((name) =>
            [...parseSafetensors(weights)].map(
              ([key, array]) => [key.replace('.weight', `${name}.weight`), array] as const,
            ),
          ),
        ),
      );
    const scores = await scorePrompts(loadAdapter(fresh(), { config: json, weights }), prompts);
    expect(await scorePrompts(loadAdapter(fresh(), { config: json, weights: named('.mine') }), prompts)).toEqual(
      scores,
    );
    const two = { config: json, weights: named('.default', '.other') };
    expect(() => loadAdapter(fresh(), two)).toThrow('the file contains several adapters');
  });

  it('of another model is refused with the tensor named, and the model is unchanged', async () => {
    const backend = createReferenceBackend();
    const model = createRandomModel(config, { backend, seed: 5 });
    const before = await scorePrompts(model, prompts);
    const inUse = backend.bytesInUse;
    const wrong = (change: (weights: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) => {
      const weights = new Map(randomAdapter(adapter));
      change(weights);
      return () => attachAdapter(model, adapter, weights);
    };
    const name = 'base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight';
    expect(wrong((w) => w.delete(name))).toThrow(`missing the tensor "${name}"`);
    expect(wrong((w) => w.set(name, { shape: [3, 13], data: new Float32Array(39) }))).toThrow(
      /has the shape \[3, 13\], but adapter_config.json requires \[3, 12\]/,
    );
    const head = 'base_model.model.lm_head.lora_A.weight';
    expect(wrong((w) => w.set(head, { shape: [3, 12], data: new Float32Array(36) }))).toThrow(
      `have a tensor "${head}"`,
    );
    expect(backend.bytesInUse).toBe(inUse);
    expect(await scorePrompts(model, prompts)).toEqual(before);
    expect(() => attachAdapter(attachAdapter(model, adapter, randomAdapter(adapter)), adapter, new Map())).toThrow(
      'has an adapter already',
    );
  });

  it('read from PEFT: the fixture names every tensor as PEFT does', async () => {
    const model: Model = await adapterGoldens.loadModel(createReferenceBackend());
    expect([...model.adapter!.parameters.keys()]).toContain(
      'base_model.model.model.layers.0.mlp.down_proj.lora_B.weight',
    );
    expect(model.adapter!.config).toMatchObject({
      rank: 3,
      alpha: 5,
      targets: ['q_proj', 'v_proj', 'o_proj', 'down_proj'],
    });
  });
});
