/** The config.json files that people have load: their fields, as the models' makers and their converters write them. */
import { describe, expect, it } from 'vitest';
import { type ModelConfig, parseModelConfig } from './config';

const llama = {
  architectures: ['LlamaForCausalLM'],
  attention_bias: false,
  attention_dropout: 0.0,
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: 'silu',
  initializer_range: 0.02,
  mlp_bias: false,
  model_type: 'llama',
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 10000.0,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  transformers_version: '4.43.0',
  use_cache: true,
};
const llama3Rope = {
  factor: 32.0,
  high_freq_factor: 4.0,
  low_freq_factor: 1.0,
  original_max_position_embeddings: 8192,
  rope_type: 'llama3',
};
/** [hidden size, intermediate size, layers, heads, key-value heads, vocabulary] */
type Sizes = readonly [number, number, number, number, number, number];

const shape = ([hidden, intermediate, layers, heads, kvHeads, vocab]: Sizes) => ({
  hidden_size: hidden,
  intermediate_size: intermediate,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: kvHeads,
  vocab_size: vocab,
});
const qwen2 = {
  ...llama,
  architectures: ['Qwen2ForCausalLM'],
  bos_token_id: 151643,
  eos_token_id: 151645,
  model_type: 'qwen2',
  max_position_embeddings: 32768,
  max_window_layers: 24,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000.0,
  sliding_window: 32768,
  use_sliding_window: false,
};
const mistral = {
  architectures: ['MistralForCausalLM'],
  attention_dropout: 0.0,
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: 'silu',
  initializer_range: 0.02,
  max_position_embeddings: 32768,
  model_type: 'mistral',
  rms_norm_eps: 1e-5,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  transformers_version: '4.42.0.dev0',
  use_cache: true,
  ...shape([4096, 14336, 32, 32, 8, 32768]),
};
/** What transformers wrote into every file some years ago. */
const everyTask = {
  _name_or_path: 'somebody/base',
  add_cross_attention: false,
  bad_words_ids: null,
  chunk_size_feed_forward: 0,
  cross_attention_hidden_size: null,
  decoder_start_token_id: null,
  diversity_penalty: 0.0,
  do_sample: false,
  early_stopping: false,
  encoder_no_repeat_ngram_size: 0,
  exponential_decay_length_penalty: null,
  finetuning_task: null,
  forced_bos_token_id: null,
  id2label: { 0: 'LABEL_0', 1: 'LABEL_1' },
  is_decoder: false,
  is_encoder_decoder: false,
  label2id: { LABEL_0: 0, LABEL_1: 1 },
  length_penalty: 1.0,
  max_length: 20,
  min_length: 0,
  no_repeat_ngram_size: 0,
  num_beam_groups: 1,
  num_beams: 1,
  num_return_sequences: 1,
  output_attentions: false,
  pruned_heads: {},
  remove_invalid_values: false,
  repetition_penalty: 1.0,
  return_dict: true,
  task_specific_params: { 'text-generation': { do_sample: true, max_length: 50 } },
  temperature: 1.0,
  tf_legacy_loss: false,
  tokenizer_class: null,
  top_k: 50,
  top_p: 1.0,
  typical_p: 1.0,
  use_bfloat16: false,
};

const files: [string, Record<string, unknown>, Partial<ModelConfig>][] = [
  [
    'Llama 2 7B',
    { ...llama, max_position_embeddings: 4096, pad_token_id: 0, ...shape([4096, 11008, 32, 32, 32, 32000]) },
    { headDim: 128, maxPositions: 4096, normEpsilon: 1e-5 },
  ],
  [
    'Llama 3 8B',
    { ...llama, max_position_embeddings: 8192, rope_theta: 500000.0, ...shape([4096, 14336, 32, 32, 8, 128256]) },
    { ropeTheta: 500000, kvHeads: 8 },
  ],
  [
    'Llama 3.1 8B Instruct',
    {
      ...llama,
      max_position_embeddings: 131072,
      rope_scaling: { ...llama3Rope, factor: 8.0 },
      rope_theta: 500000.0,
      eos_token_id: [128001, 128008, 128009],
      ...shape([4096, 14336, 32, 32, 8, 128256]),
    },
    {
      ropeScaling: {
        type: 'llama3',
        factor: 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalMaxPositions: 8192,
      },
    },
  ],
  [
    'Llama 3.2 1B, saved by unsloth',
    {
      ...llama,
      head_dim: 64,
      max_position_embeddings: 131072,
      pad_token_id: 128004,
      rope_scaling: llama3Rope,
      rope_theta: 500000.0,
      tie_word_embeddings: true,
      unsloth_fixed: true,
      unsloth_version: '2024.9',
      ...shape([2048, 8192, 16, 32, 8, 128256]),
    },
    { tieEmbeddings: true, headDim: 64 },
  ],
  [
    'SmolLM2 135M Instruct',
    {
      ...llama,
      initializer_range: 0.041666666666666664,
      is_llama_config: true,
      max_position_embeddings: 8192,
      pad_token_id: 2,
      rope_interleaved: false,
      rope_theta: 100000,
      tie_word_embeddings: true,
      'transformers.js_config': { kv_cache_dtype: { q4f16: 'float16', fp16: 'float16' } },
      ...shape([576, 1536, 30, 9, 3, 49152]),
    },
    { ropeTheta: 100_000, headDim: 64 },
  ],
  [
    'TinyLlama 1.1B Chat',
    { ...llama, max_position_embeddings: 2048, ...shape([2048, 5632, 22, 32, 4, 32000]) },
    { kvHeads: 4 },
  ],
  [
    'Qwen2.5 0.5B',
    { ...qwen2, tie_word_embeddings: true, ...shape([896, 4864, 24, 14, 2, 151936]) },
    { attentionBias: 'qkv' },
  ],
  [
    'Qwen2.5 0.5B, an early file',
    {
      ...qwen2,
      use_mrope: false,
      max_window_layers: 21,
      sliding_window: null,
      ...shape([896, 4864, 24, 14, 2, 151936]),
    },
    { ropeTheta: 1e6 },
  ],
  [
    'Qwen2.5 7B for long texts, as its card says',
    {
      ...qwen2,
      rope_scaling: { factor: 4.0, original_max_position_embeddings: 32768, type: 'yarn' },
      ...shape([3584, 18944, 28, 28, 4, 152064]),
    },
    {
      ropeScaling: {
        type: 'yarn',
        factor: 4,
        betaFast: 32,
        betaSlow: 1,
        originalMaxPositions: 32768,
        attentionFactor: 0.1 * Math.log(4) + 1,
        truncate: true,
      },
    },
  ],
  [
    'DeepSeek R1 Distill Qwen 1.5B',
    {
      ...qwen2,
      max_position_embeddings: 131072,
      max_window_layers: 21,
      rope_theta: 10000,
      sliding_window: 4096,
      use_mrope: false,
      ...shape([1536, 8960, 28, 12, 2, 151936]),
    },
    { ropeTheta: 10_000 },
  ],
  [
    'DeepSeek R1 Distill Llama 8B',
    {
      ...llama,
      max_position_embeddings: 131072,
      rope_scaling: { ...llama3Rope, factor: 8.0 },
      rope_theta: 500000.0,
      ...shape([4096, 14336, 32, 32, 8, 128256]),
    },
    { maxPositions: 131_072 },
  ],
  [
    'Qwen3 0.6B',
    {
      ...qwen2,
      architectures: ['Qwen3ForCausalLM'],
      head_dim: 128,
      max_position_embeddings: 40960,
      max_window_layers: 28,
      model_type: 'qwen3',
      sliding_window: null,
      tie_word_embeddings: true,
      ...shape([1024, 3072, 28, 16, 8, 151936]),
    },
    { queryKeyNorm: true, headDim: 128, ropeTheta: 1e6 },
  ],
  [
    'Qwen3 0.6B, saved by transformers 5',
    {
      ...qwen2,
      rope_theta: undefined,
      rope_scaling: undefined,
      torch_dtype: undefined,
      dtype: 'bfloat16',
      head_dim: 128,
      layer_types: Array.from({ length: 28 }, () => 'full_attention'),
      model_type: 'qwen3',
      pad_token_id: null,
      rope_parameters: { rope_theta: 1000000, rope_type: 'default' },
      sliding_window: null,
      tie_word_embeddings: true,
      ...shape([1024, 3072, 28, 16, 8, 151936]),
    },
    { queryKeyNorm: true, ropeTheta: 1e6 },
  ],
  [
    'Mistral 7B v0.2',
    { ...mistral, rope_theta: 1000000.0, sliding_window: null, vocab_size: 32000 },
    { ropeTheta: 1e6 },
  ],
  [
    'Mistral 7B v0.3',
    { ...mistral, head_dim: 128, rope_theta: 1000000.0, sliding_window: null },
    { family: 'mistral', headDim: 128, kvHeads: 8 },
  ],
  [
    'a file with the fields of every task',
    { ...llama, ...everyTask, max_sequence_length: 2048, ...shape([4096, 11008, 32, 32, 32, 32000]) },
    { maxPositions: 2048 },
  ],
  [
    'YaRN Llama 2, with its own code named',
    {
      ...llama,
      _flash_attn_2_enabled: true,
      auto_map: { AutoModelForCausalLM: 'modeling_llama_together_yarn.LlamaForCausalLM' },
      max_position_embeddings: 65536,
      rope_scaling: { factor: 16.0, finetuned: true, original_max_position_embeddings: 4096, type: 'yarn' },
      ...shape([4096, 11008, 32, 32, 32, 32000]),
    },
    { maxPositions: 65_536 },
  ],
];

describe('a config.json as it is published', () => {
  it.each(files)('%s', (_, file, expected) => {
    const asRead = JSON.parse(JSON.stringify(file));
    expect(parseModelConfig(asRead)).toMatchObject(expected);
  });

  it('Mistral 7B v0.1 is refused for its window', () => {
    expect(() =>
      parseModelConfig({ ...mistral, rope_theta: 10000.0, sliding_window: 4096, vocab_size: 32000 }),
    ).toThrow('config.json: not supported: attention with a window of 4096 tokens (sliding_window)');
  });

  it('a Granite that calls itself a Llama is refused for its multipliers', () => {
    const granite = { attention_multiplier: 0.0078125, embedding_multiplier: 12.0, logits_scaling: 16.0 };
    expect(() => parseModelConfig({ ...llama, ...granite, ...shape([4096, 12800, 40, 32, 8, 49155]) })).toThrow(
      'not supported: attention_multiplier 0.0078125, embedding_multiplier 12, logits_scaling 16',
    );
  });
});
