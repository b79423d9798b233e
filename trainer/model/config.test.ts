import { describe, expect, it } from 'vitest';
import { parseModelConfig, serializeModelConfig } from './config';
import { parameterCount } from './parameters';

const llama = {
  model_type: 'llama',
  hidden_size: 32,
  intermediate_size: 88,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  vocab_size: 96,
};

const llama3 = {
  rope_type: 'llama3',
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 64,
};

describe('parseModelConfig', () => {
  it("takes Hugging Face's defaults where a field is absent", () => {
    const { num_key_value_heads: _, ...bare } = llama;
    expect(parseModelConfig(bare)).toEqual({
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

  it.each([
    { bos_token_id: 1, eos_token_id: [2, 3], head_dim: 16, rope_theta: 5e5 },
    { rope_scaling: llama3 },
    { rope_scaling: { type: 'linear', factor: 4 } },
    { attention_bias: true },
    { model_type: 'qwen2' },
    { model_type: 'qwen3' },
    { model_type: 'qwen3', attention_bias: true, head_dim: 16 },
    { model_type: 'mistral', sliding_window: null },
  ])('gives back what it writes: %j', (change) => {
    const config = parseModelConfig({ ...llama, ...change });
    const json = serializeModelConfig(config);
    expect(json.model_type).toBe(change.model_type ?? 'llama');
    expect(parseModelConfig(json)).toEqual(config);
  });

  it("knows the relatives' own rules", () => {
    expect(parseModelConfig({ ...llama, attention_bias: true }).attentionBias).toBe('qkvo');
    expect(parseModelConfig({ ...llama, model_type: 'qwen2' })).toMatchObject({ attentionBias: 'qkv', headDim: 8 });
    const qwen3 = parseModelConfig({ ...llama, model_type: 'qwen3' });
    expect(qwen3).toMatchObject({ queryKeyNorm: true, headDim: 128, maxPositions: 32_768 });
    expect(qwen3.attentionBias).toBeUndefined();
    const mistral = { ...llama, model_type: 'mistral', num_attention_heads: 16, num_key_value_heads: undefined };
    expect(parseModelConfig({ ...mistral, sliding_window: null })).toMatchObject({ kvHeads: 8, maxPositions: 131_072 });
    expect(parseModelConfig({ ...mistral, num_key_value_heads: null, sliding_window: null }).kvHeads).toBe(16);
  });

  it('takes a window that is as long as the context, which leaves nothing out', () => {
    const mistral = { ...llama, model_type: 'mistral', max_position_embeddings: 4096 };
    expect(parseModelConfig({ ...mistral, sliding_window: 4096 }).maxPositions).toBe(4096);
    expect(parseModelConfig(mistral).maxPositions).toBe(4096);
    const qwen2 = { ...llama, model_type: 'qwen2', use_sliding_window: true, sliding_window: 512 };
    expect(parseModelConfig({ ...qwen2, max_position_embeddings: 512 }).maxPositions).toBe(512);
  });

  it.each([
    // hidden, intermediate, layers, heads, kv heads, vocabulary, then what the family adds; and the published count.
    ['SmolLM2-135M', [576, 1536, 30, 9, 3, 49_152], { rope_theta: 1e5, rope_interleaved: false }, 134_515_008],
    ['Llama-3.2-1B', [2048, 8192, 16, 32, 8, 128_256], { head_dim: 64, rope_scaling: llama3 }, 1_235_814_400],
    ['Qwen2.5-0.5B', [896, 4864, 24, 14, 2, 151_936], { model_type: 'qwen2', sliding_window: 32_768 }, 494_032_768],
    ['Qwen3-0.6B', [1024, 3072, 28, 16, 8, 151_936], { model_type: 'qwen3', head_dim: 128 }, 596_049_920],
  ])('%s has as many parameters as published', (_, [dim, hidden, layers, heads, kvHeads, vocab], family, count) => {
    const config = parseModelConfig({
      model_type: 'llama',
      hidden_size: dim,
      intermediate_size: hidden,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      num_key_value_heads: kvHeads,
      vocab_size: vocab,
      tie_word_embeddings: true,
      ...family,
    });
    expect(parameterCount(config)).toBe(count);
  });

  it('accepts features that are named but switched off, as in published files', () => {
    const qwen2 = { model_type: 'qwen2', use_sliding_window: false, sliding_window: 32_768, max_window_layers: 21 };
    expect(parseModelConfig({ ...llama, ...qwen2 }).attentionBias).toBe('qkv');
    const plain = parseModelConfig(llama);
    const neutral = {
      logits_scaling: 1,
      residual_multiplier: 1,
      attention_multiplier: 8 ** -0.5,
      query_pre_attn_scalar: 8,
    };
    const off = { final_logit_softcapping: null, use_qk_norm: false, no_rope_layers: [], first_k_dense_replace: 0 };
    expect(parseModelConfig({ ...llama, ...neutral, ...off, hidden_activation: 'silu', license: 'mit' })).toEqual(
      plain,
    );
    expect(parseModelConfig({ ...llama, rope_interleaved: false, rope_scaling: null })).toEqual(plain);
    expect(parseModelConfig({ ...llama, rope_parameters: { rope_type: 'default', rope_theta: 1e4 } })).toEqual(plain);
    expect(parseModelConfig({ ...llama, rope_parameters: { ...llama3, rope_theta: 5e5 } })).toMatchObject({
      ropeTheta: 5e5,
      ropeScaling: { type: 'llama3', factor: 8, originalMaxPositions: 64 },
    });
  });

  it.each([
    [{ model_type: 'mixtral' }, /model_type "mixtral" is not supported \(only "llama", "mistral", "qwen2", "qwen3"\)/],
    [{ rope_scaling: { rope_type: 'longrope', factor: 8 } }, /rope_scaling of type "longrope" is not supported \(only/],
    [{ rope_parameters: { rope_type: 'proportional' } }, /rope_scaling of type "proportional"/],
    [{ rope_parameters: { rope_type: 'yarn' } }, /rope_parameters\.factor: is missing/],
    [{ rope_scaling: { type: 'dynamic' } }, /rope_scaling\.factor: is missing/],
    [{ rope_scaling: { rope_type: 'yarn', factor: 2, beta_fast: 1, beta_slow: 2 } }, /beta_fast must be at least/],
    [
      { rope_scaling: { rope_type: 'default', mrope_section: [1, 1, 2] } },
      /not supported: rope_scaling\.mrope_section$/,
    ],
    [{ rope_scaling: { rope_type: 'linear', factor: 2, partial_rotary_factor: 0.5 } }, /partial_rotary_factor 0\.5/],
    [{ rope_parameters: { partial_rotary_factor: 0.25, rope_theta: 1e4 } }, /partial_rotary_factor 0\.25/],
    [{ rope_parameters: { sliding_attention: { rope_type: 'default' } } }, /rope_parameters\.full_attention/],
    [{ rope_parameters: { full_attention: { rope_theta: 'big' } } }, /rope_parameters\.rope_theta: must be/],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, /rope_scaling\.low_freq_factor: is missing/],
    [{ rope_scaling: { ...llama3, high_freq_factor: 1 } }, /high_freq_factor must be greater than low_freq_factor/],
    [{ rope_scaling: { type: 'linear', factor: 0 } }, /rope_scaling\.factor: must be at least 1/],
    [{ rope_scaling: 'linear' }, /rope_scaling/],
    [{ attention_bias: true, mlp_bias: true }, /not supported: mlp_bias$/],
    [{ model_type: 'qwen2', use_sliding_window: true }, /attention with a window of 4096 tokens \(sliding_window\)/],
    [{ model_type: 'mistral', sliding_window: 4096 }, /attention with a window of 4096 tokens/],
    [{ model_type: 'mistral' }, /attention with a window of 4096 tokens/],
    [{ sliding_window: 16 }, /attention with a window of 16 tokens/],
    [{ model_type: 'mistral', attention_bias: true, sliding_window: null }, /not supported: attention_bias$/],
    [{ logits_scaling: 8 }, /not supported: logits_scaling 8$/],
    [{ attention_multiplier: 0.015625 }, /attention_multiplier 0\.015625/],
    [{ residual_multiplier: 0.22, embedding_multiplier: 12 }, /residual_multiplier 0\.22, embedding_multiplier 12$/],
    [{ final_logit_softcapping: 30, attn_logit_softcapping: 50 }, /final_logit_softcapping 30, attn_logit_softcapping/],
    [{ query_pre_attn_scalar: 256 }, /query_pre_attn_scalar 256/],
    [{ hidden_activation: 'gelu_pytorch_tanh' }, /hidden_activation "gelu_pytorch_tanh"/],
    [{ use_qk_norm: true }, /use_qk_norm true/],
    [{ no_rope_layers: [1, 1, 0] }, /no_rope_layers \[1,1,0\]/],
    [{ some_new_trick: { strength: 0.5 } }, /some_new_trick \{"strength":0\.5\}/],
    [
      { model_type: 'qwen3', layer_types: ['full_attention', 'sliding_attention'] },
      /layers of type "sliding_attention"/,
    ],
    [{ num_experts: 8 }, /a mixture of 8 experts/],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor 0.5/],
    [{ rope_interleaved: true }, /rope_interleaved/],
    [{ quantization_config: { quant_method: 'gptq' } }, /quantized weights \(gptq\)/],
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
