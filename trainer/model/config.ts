/** A Hugging Face config.json, checked: only what the forward pass really implements gets through. */

import { issuesOf } from '../issues';
import { listed, type Told, TrainerError, told } from '../told';
import { type HfConfig, hfConfigSchema, unsupportedFeatures } from './hf-config';
import { parseRopeScaling, type RopeScaling, serializeRopeScaling } from './rope-scaling';

/** A Llama, and what its relatives add to it: the optional fields are absent in a plain Llama. */
export interface ModelConfig {
  readonly vocabSize: number;
  readonly dim: number;
  readonly hiddenDim: number;
  readonly layers: number;
  readonly heads: number;
  /** heads is a multiple of kvHeads. */
  readonly kvHeads: number;
  readonly headDim: number;
  /** The context: prompt and response together may have this many tokens. */
  readonly maxPositions: number;
  readonly normEpsilon: number;
  readonly ropeTheta: number;
  readonly ropeScaling?: RopeScaling;
  /** Which of attention's projections have a bias: Qwen2's q, k and v, or all four. */
  readonly attentionBias?: 'qkv' | 'qkvo';
  /** RMSNorm of every head of q and k before rotation: Qwen3. */
  readonly queryKeyNorm?: true;
  readonly tieEmbeddings: boolean;
  readonly bosId: number | null;
  readonly eosIds: readonly number[];
}

/** A config.json that is malformed or asks for something the trainer does not implement. */
export class ModelConfigError extends TrainerError {
  override readonly name = 'ModelConfigError';
}

const refusal = (reason: Told) => new ModelConfigError(told('inFile', { file: 'config.json', reason }));

const families = ['llama', 'qwen2', 'qwen3'] as const;
type Family = (typeof families)[number];

function familyOf({ model_type: type }: HfConfig): Family {
  const known = families.find((name) => name === type);
  if (known) return known;
  throw refusal(told('modelTypeNotSupported', { type, supported: families.map((name) => `"${name}"`).join(', ') }));
}

/** Qwen2 always has q, k and v biases; elsewhere attention_bias means all four projections. */
function attentionBiasOf(family: Family, c: HfConfig): ModelConfig['attentionBias'] {
  if (family === 'qwen2') return 'qkv';
  return c.attention_bias ? 'qkvo' : undefined;
}

function headDimOf(family: Family, c: HfConfig): number {
  // Qwen3's default does not follow from its width.
  const headDim = c.head_dim ?? (family === 'qwen3' ? 128 : c.hidden_size / c.num_attention_heads);
  if (!Number.isInteger(headDim)) {
    throw refusal(told('hiddenSizeNotMultiple', { size: c.hidden_size, heads: c.num_attention_heads }));
  }
  if (headDim % 2 !== 0) throw refusal(told('headDimensionOdd', { size: headDim }));
  return headDim;
}

/** Parses config.json's content. Throws ModelConfigError naming the field. */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = hfConfigSchema.safeParse(json);
  if (!parsed.success) throw refusal(issuesOf(parsed.error));
  const c = parsed.data;
  const family = familyOf(c);
  const unsupported = unsupportedFeatures(c);
  if (unsupported.length > 0) throw refusal(told('notSupported', { features: listed(unsupported) }));
  const heads = c.num_attention_heads;
  const kvHeads = c.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) {
    throw refusal(told('headsNotMultiple', { heads, kvHeads }));
  }
  const scaling = parseRopeScaling(c.rope_scaling ?? c.rope_parameters);
  if (scaling !== null && 'key' in scaling) throw refusal(scaling);
  const attentionBias = attentionBiasOf(family, c);
  const eos = c.eos_token_id ?? [];
  return {
    vocabSize: c.vocab_size,
    dim: c.hidden_size,
    hiddenDim: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads,
    kvHeads,
    headDim: headDimOf(family, c),
    maxPositions: c.max_position_embeddings ?? (family === 'llama' ? 2048 : 32_768),
    normEpsilon: c.rms_norm_eps,
    ropeTheta: c.rope_theta ?? c.rope_parameters?.rope_theta ?? 10_000,
    ...(scaling === null ? {} : { ropeScaling: scaling }),
    ...(attentionBias === undefined ? {} : { attentionBias }),
    ...(family === 'qwen3' ? { queryKeyNorm: true as const } : {}),
    tieEmbeddings: c.tie_word_embeddings,
    bosId: c.bos_token_id ?? null,
    eosIds: Array.isArray(eos) ? eos : [eos],
  };
}

const architectures: Record<Family, string> = {
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
};

/** The config.json of a model, as Hugging Face transformers reads it. */
export function serializeModelConfig(config: ModelConfig): Record<string, unknown> {
  const family: Family = config.queryKeyNorm ? 'qwen3' : config.attentionBias === 'qkv' ? 'qwen2' : 'llama';
  return {
    architectures: [architectures[family]],
    model_type: family,
    hidden_size: config.dim,
    intermediate_size: config.hiddenDim,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    vocab_size: config.vocabSize,
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    ...(config.ropeScaling ? { rope_scaling: serializeRopeScaling(config.ropeScaling) } : {}),
    ...(config.attentionBias === 'qkvo' ? { attention_bias: true } : {}),
    hidden_act: 'silu',
    tie_word_embeddings: config.tieEmbeddings,
    bos_token_id: config.bosId,
    eos_token_id: config.eosIds.length === 1 ? config.eosIds[0] : [...config.eosIds],
    torch_dtype: 'float32',
  };
}
