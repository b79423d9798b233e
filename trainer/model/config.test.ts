import { describe, expect, it } from 'vitest';
import { parseModelConfig, serializeModelConfig } from './config';

const llama = {
  model_type: 'llama',
  hidden_size: 32,
  intermediate_size: 88,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  vocab_size: 96,
};

describe('parseModelConfig', () => {
  it("takes Hugging Face's defaults where a field is absent", () => {
    expect(parseModelConfig(llama)).toEqual({
      vocabSize: 96,
      dim: 32,
      hiddenDim: 88,
      layers: 2,
      heads: 4,
      kvHeads: 4,
      headDim: 8,
      maxPositions: 2048,
      normEpsilon: 1e-6,
      ropeTheta: 10_000,
      tieEmbeddings: false,
      bosId: null,
      eosIds: [],
    });
  });

  it('gives back what it writes', () => {
    const config = parseModelConfig({ ...llama, bos_token_id: 1, eos_token_id: [2, 3], head_dim: 16, rope_theta: 5e5 });
    expect(parseModelConfig(serializeModelConfig(config))).toEqual(config);
  });

  it.each([
    [{ model_type: 'qwen2' }, /model_type "qwen2" is not supported/],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, /not supported: rope_scaling/],
    [{ rope_parameters: { rope_type: 'yarn' } }, /rope_parameters of type "yarn"/],
    [{ attention_bias: true, mlp_bias: true }, /attention_bias, mlp_bias/],
    [{ hidden_act: 'gelu' }, /hidden_act "gelu" \(only "silu"\)/],
    [{ num_key_value_heads: 3 }, /must be a multiple of num_key_value_heads \(3\)/],
    [{ num_attention_heads: 5 }, /hidden_size \(32\) must be a multiple/],
    [{ head_dim: 7 }, /head dimension \(7\) must be even/],
    [{ vocab_size: 0 }, /vocab_size/],
    [{ hidden_size: undefined }, /hidden_size/],
  ])('refuses %j in words', (change, message) => {
    expect(() => parseModelConfig({ ...llama, ...change })).toThrow(message);
  });

  it('refuses what is no object', () => {
    expect(() => parseModelConfig('llama')).toThrow('config.json');
  });
});
