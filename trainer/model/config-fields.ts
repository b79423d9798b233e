/**
 * Fields that a config.json of the supported families may have without changing what the model computes. Any other
 * field could change it, as logits_scaling does, so a model that uses one is refused: a wrong score would look like a
 * right one.
 */

/** Read by `hfConfigSchema` and checked elsewhere. */
const read = [
  'architectures',
  'attention_bias',
  'bos_token_id',
  'eos_token_id',
  'head_dim',
  'hidden_act',
  'hidden_size',
  'intermediate_size',
  'layer_types',
  'max_position_embeddings',
  'mlp_bias',
  'model_type',
  'num_attention_heads',
  'num_experts',
  'num_hidden_layers',
  'num_key_value_heads',
  'num_local_experts',
  'original_max_position_embeddings',
  'partial_rotary_factor',
  'quantization_config',
  'rms_norm_eps',
  'rope_interleaved',
  'rope_parameters',
  'rope_scaling',
  'rope_theta',
  'sliding_window',
  'tie_word_embeddings',
  'use_sliding_window',
  'vocab_size',
];

/** Initialisation and dropout of the original training, which do not affect a trained model. */
const ofTraining = [
  'attention_dropout',
  'attn_pdrop',
  'dropout',
  'embd_pdrop',
  'embedding_dropout',
  'hidden_dropout',
  'initializer_range',
  'gradient_checkpointing',
  'neftune_alpha',
  'neftune_noise_alpha',
  'resid_pdrop',
  'residual_dropout',
];

/** How the model is run and stored, with the same result. */
const ofRunning = [
  'attn_implementation',
  'chunk_size_feed_forward',
  'dtype',
  'fuse_cross_entropy',
  'fuse_norm',
  'fuse_swiglu',
  'fused_ops',
  'is_decoder',
  'is_llama_config',
  'ffn_dim_multiplier',
  'max_sequence_length',
  'max_window_layers',
  'model_max_length',
  'multiple_of',
  'n_ctx',
  'n_positions',
  'onnx_export',
  'output_attentions',
  'output_hidden_states',
  'pretraining_tp',
  'return_dict',
  'seq_length',
  'torch_dtype',
  'torchscript',
  'transformers.js_config',
  'transformers_version',
  'unsloth_fixed',
  'unsloth_version',
  'use_bfloat16',
  'use_cache',
  'use_flash_attention',
  'use_flash_attention_2',
  'use_flash_attn',
  'use_return_dict',
];

/** Fields that older files carry for every task: generation settings, tokens of other roles, class names. */
const ofTasks = [
  'bad_words_ids',
  'begin_suppress_tokens',
  'cls_token_id',
  'decoder_start_token_id',
  'diversity_penalty',
  'do_sample',
  'early_stopping',
  'encoder_no_repeat_ngram_size',
  'exponential_decay_length_penalty',
  'finetuning_task',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'id2label',
  'label2id',
  'length_penalty',
  'mask_token_id',
  'max_length',
  'max_new_tokens',
  'min_length',
  'no_repeat_ngram_size',
  'num_beam_groups',
  'num_beams',
  'num_labels',
  'num_return_sequences',
  'output_scores',
  'pad_token_id',
  'problem_type',
  'remove_invalid_values',
  'repetition_penalty',
  'return_dict_in_generate',
  'sep_token_id',
  'suppress_tokens',
  'task_specific_params',
  'temperature',
  'tf_legacy_loss',
  'top_k',
  'top_p',
  'typical_p',
  'unk_token_id',
];

const harmless: ReadonlySet<string> = new Set([...read, ...ofTraining, ...ofRunning, ...ofTasks]);

/** Fields that other families compute with, and the value at which each has no effect. Null has no effect for all. */
const neutral: Readonly<Record<string, (headDim: number) => unknown>> = {
  attention_multiplier: (headDim) => headDim ** -0.5,
  embedding_multiplier: () => 1,
  hidden_activation: () => 'silu',
  logit_scale: () => 1,
  logits_scaling: () => 1,
  position_embedding_type: () => 'rope',
  query_pre_attn_scalar: (headDim) => headDim,
  residual_multiplier: () => 1,
  rope_ratio: () => 1,
  rotary_pct: () => 1,
  scale_emb: () => 1,
};

/** The fields of a config.json that are in use and not known to be harmless, with their values, as text. */
export function unsupportedFields(config: Readonly<Record<string, unknown>>, headDim: number): string[] {
  return Object.entries(config)
    .filter(([name, value]) => {
      // A leading underscore marks transformers' internal notes.
      if (value === null || value === undefined || harmless.has(name) || name.startsWith('_')) return false;
      const asIfAbsent = neutral[name];
      return asIfAbsent ? !isSame(value, asIfAbsent(headDim)) : holdsSetting(value);
    })
    .map(([name, value]) => `${name} ${JSON.stringify(value).slice(0, 80)}`);
}

function isSame(value: unknown, wanted: unknown): boolean {
  return typeof value === 'number' && typeof wanted === 'number' ? Math.abs(value - wanted) < 1e-6 : value === wanted;
}

/** Whether a value contains a number other than 0 or a switch that is on. A string alone is taken for a remark. */
function holdsSetting(value: unknown): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'object' && value !== null) return Object.values(value).some(holdsSetting);
  return value === true;
}
