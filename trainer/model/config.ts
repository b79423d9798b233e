/** A Hugging Face config.json, checked: only what the forward pass implements is accepted. */

import { listedIssues } from '../contract/issues';
import { listed, type Message, message } from '../contract/message';
import { TrainerError } from '../trainer-error';
import {
  type Family,
  type FamilyDefaults,
  families,
  type HfConfig,
  hfConfigSchema,
  unsupportedFeatures,
} from './hf-config';
import { type RopeScaling, readRope, serializeRopeScaling } from './rope-scaling';

/** A Llama and the variations of its relatives; the optional fields are absent in a plain Llama. */
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
  /** A Mistral computes what a Llama does, but a saved model keeps its family. */
  readonly family?: 'mistral';
  readonly tieEmbeddings: boolean;
  readonly bosId: number | null;
  readonly eosIds: readonly number[];
}

/** A config.json that is malformed or asks for something the trainer does not implement. */
export class ModelConfigError extends TrainerError {
  override readonly name = 'ModelConfigError';
}

const refusal = (reason: Message) => new ModelConfigError(message('inFile', { file: 'config.json', reason }));

function familyOf({ model_type: type }: HfConfig): Family {
  if (Object.hasOwn(families, type)) return type as Family;
  const supported = Object.keys(families)
    .map((name) => `"${name}"`)
    .join(', ');
  throw refusal(message('modelTypeNotSupported', { type, supported }));
}

/** Qwen2 always has q, k and v biases; elsewhere attention_bias means all four projections. */
function attentionBiasOf(family: Family, c: HfConfig): ModelConfig['attentionBias'] {
  if (family === 'qwen2') return 'qkv';
  return c.attention_bias ? 'qkvo' : undefined;
}

/** A null in the file means as many as there are heads; a missing field means the default of the family. */
function kvHeadsOf(family: Family, c: HfConfig): number {
  const { kvHeads: usual }: FamilyDefaults = families[family];
  const heads = c.num_attention_heads;
  const kvHeads = c.num_key_value_heads === undefined ? (usual ?? heads) : (c.num_key_value_heads ?? heads);
  if (heads % kvHeads === 0) return kvHeads;
  throw refusal(message('headsNotMultiple', { heads, kvHeads }));
}

function headDimOf(family: Family, c: HfConfig): number {
  const { headDim: usual }: FamilyDefaults = families[family];
  const headDim = c.head_dim ?? usual ?? c.hidden_size / c.num_attention_heads;
  if (!Number.isInteger(headDim)) {
    throw refusal(message('hiddenSizeNotMultiple', { size: c.hidden_size, heads: c.num_attention_heads }));
  }
  if (headDim % 2 !== 0) throw refusal(message('headDimensionOdd', { size: headDim }));
  return headDim;
}

/** Parses config.json's content. Throws ModelConfigError naming the field. */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = hfConfigSchema.safeParse(json);
  if (!parsed.success) throw refusal(listedIssues(parsed.error));
  const c = parsed.data;
  const family = familyOf(c);
  const headDim = headDimOf(family, c);
  const maxPositions = c.max_position_embeddings ?? families[family].maxPositions;
  const unsupported = unsupportedFeatures(family, c, { headDim, maxPositions });
  if (unsupported.length > 0) throw refusal(message('notSupported', { features: listed(unsupported) }));
  const rope = readRope(c, maxPositions);
  if ('key' in rope) throw refusal(rope);
  const attentionBias = attentionBiasOf(family, c);
  const eos = c.eos_token_id ?? [];
  return {
    vocabSize: c.vocab_size,
    dim: c.hidden_size,
    hiddenDim: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads: c.num_attention_heads,
    kvHeads: kvHeadsOf(family, c),
    headDim,
    maxPositions,
    normEpsilon: c.rms_norm_eps,
    ropeTheta: rope.theta,
    ...(rope.scaling === null ? {} : { ropeScaling: rope.scaling }),
    ...(attentionBias === undefined ? {} : { attentionBias }),
    ...(family === 'qwen3' ? { queryKeyNorm: true as const } : {}),
    ...(family === 'mistral' ? { family } : {}),
    tieEmbeddings: c.tie_word_embeddings,
    bosId: c.bos_token_id ?? null,
    eosIds: Array.isArray(eos) ? eos : [eos],
  };
}

const architectures: Record<Family, string> = {
  llama: 'LlamaForCausalLM',
  mistral: 'MistralForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
};

/** The config.json of a model, as Hugging Face transformers reads it. */
export function serializeModelConfig(config: ModelConfig): Record<string, unknown> {
  const llama = config.family ?? 'llama';
  const family: Family = config.queryKeyNorm ? 'qwen3' : config.attentionBias === 'qkv' ? 'qwen2' : llama;
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
    // Where a file is silent, a Mistral has a window.
    ...(family === 'mistral' ? { sliding_window: null } : {}),
    hidden_act: 'silu',
    tie_word_embeddings: config.tieEmbeddings,
    bos_token_id: config.bosId,
    eos_token_id: config.eosIds.length === 1 ? config.eosIds[0] : [...config.eosIds],
    torch_dtype: 'float32',
  };
}
