import { describe, expect, it } from 'vitest';
import type { AdapterConfig } from './adapter-config';
import { adaptedModules, adapterShapes, largestRank } from './adapter-modules';
import type { ModelConfig } from './config';

const model = { layers: 2, dim: 12, hiddenDim: 20, heads: 2, kvHeads: 1, headDim: 6, vocabSize: 8 } as ModelConfig;
const plain: AdapterConfig = {
  rank: 4,
  alpha: 8,
  rankStabilized: false,
  targets: ['q_proj', 'v_proj'],
  dropout: 0,
  baseModel: null,
};
const modulesOf = (change: Partial<AdapterConfig>) =>
  Object.fromEntries(adaptedModules(model, { ...plain, ...change }));
const q = (layer: number) => `model.layers.${layer}.self_attn.q_proj`;
const v = (layer: number) => `model.layers.${layer}.self_attn.v_proj`;

describe('adaptedModules', () => {
  it('scales by alpha / rank, or alpha / sqrt(rank) where it is rank-stabilised', () => {
    expect(modulesOf({})[q(0)]).toEqual({ rank: 4, scale: 2 });
    expect(modulesOf({ rankStabilized: true })[q(0)]).toEqual({ rank: 4, scale: 4 });
  });

  it.each([
    ['a name', ['q_proj'], [q(0), q(1)]],
    ['the end of a path', ['self_attn.q_proj'], [q(0), q(1)]],
    ['a whole path', [v(1)], [v(1)]],
    ['no part of a name', ['proj', 'attn.q_proj', 'q_proj'], [q(0), q(1)]],
    ['a pattern of whole paths', { pattern: '.*\\.1\\..*[qv]_proj' }, [q(1), v(1)]],
    ['a pattern with two halves', { pattern: 'model\\.layers\\.0\\..*q_proj|.*1.*v_proj' }, [q(0), v(1)]],
  ])('takes %s', (_, targets, expected) => {
    expect(Object.keys(modulesOf({ targets }))).toEqual(expected);
  });

  it('gives a module the rank and the alpha of the first pattern that fits the end of its path', () => {
    const rankPattern = { [v(1)]: 6, v_proj: 3, proj: 9 };
    const found = modulesOf({ rankPattern, alphaPattern: { '^model.layers.0': 1, 'layers.0.*': 12 } });
    expect(found[v(1)]).toEqual({ rank: 6, scale: 8 / 6 });
    expect(found[v(0)]).toEqual({ rank: 3, scale: 4 });
    expect(found[q(1)]).toEqual({ rank: 4, scale: 2 });
    expect(adapterShapes(model, { ...plain, rankPattern }).get(`base_model.model.${v(1)}.lora_A.weight`)).toEqual([
      6, 12,
    ]);
    expect(largestRank(adaptedModules(model, { ...plain, rankPattern }))).toBe(6);
  });

  it('refuses targets of which the model has none', () => {
    expect(() => modulesOf({ targets: ['query_key_value'] })).toThrow('the model has none of those listed');
  });
});
