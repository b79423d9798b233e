/** A Hugging Face Llama config.json, checked: only what the forward pass really implements gets through. */
import * as z from 'zod';

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
  readonly tieEmbeddings: boolean;
  readonly bosId: number | null;
  readonly eosIds: readonly number[];
}

/** A config.json that is malformed or asks for something the trainer does not implement. */
export class ModelConfigError extends Error {
  override readonly name = 'ModelConfigError';
}

const size = z.int().positive();

const hfConfigSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  max_position_embeddings: size.default(2048),
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().nullish(),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  rope_scaling: z.unknown().optional(),
  rope_parameters: z.looseObject({ rope_type: z.string().optional(), rope_theta: z.number().optional() }).nullish(),
  pretraining_tp: z.number().nullish(),
  bos_token_id: z.int().nullish(),
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
});

type HfConfig = z.infer<typeof hfConfigSchema>;

function unsupportedFeatures(c: HfConfig): string[] {
  const found: string[] = [];
  if (c.hidden_act !== 'silu') found.push(`hidden_act "${c.hidden_act}" (only "silu")`);
  if (c.attention_bias) found.push('attention_bias');
  if (c.mlp_bias) found.push('mlp_bias');
  if (c.rope_scaling !== undefined && c.rope_scaling !== null) found.push('rope_scaling');
  const ropeType = c.rope_parameters?.rope_type;
  if (ropeType !== undefined && ropeType !== 'default') found.push(`rope_parameters of type "${ropeType}"`);
  return found;
}

/** Parses config.json's content. Throws ModelConfigError naming the field. */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = hfConfigSchema.safeParse(json);
  if (!parsed.success) throw new ModelConfigError(`config.json: ${z.prettifyError(parsed.error)}`);
  const c = parsed.data;
  if (c.model_type !== 'llama') {
    throw new ModelConfigError(`config.json: model_type "${c.model_type}" is not supported (only "llama")`);
  }
  const unsupported = unsupportedFeatures(c);
  if (unsupported.length > 0) throw new ModelConfigError(`config.json: not supported: ${unsupported.join(', ')}`);
  const heads = c.num_attention_heads;
  const kvHeads = c.num_key_value_heads ?? heads;
  if (heads % kvHeads !== 0) {
    throw new ModelConfigError(
      `config.json: num_attention_heads (${heads}) must be a multiple of num_key_value_heads (${kvHeads})`,
    );
  }
  if (!c.head_dim && c.hidden_size % heads !== 0) {
    throw new ModelConfigError(
      `config.json: hidden_size (${c.hidden_size}) must be a multiple of num_attention_heads (${heads})`,
    );
  }
  const headDim = c.head_dim ?? c.hidden_size / heads;
  if (headDim % 2 !== 0) throw new ModelConfigError(`config.json: the head dimension (${headDim}) must be even`);
  const eos = c.eos_token_id ?? [];
  return {
    vocabSize: c.vocab_size,
    dim: c.hidden_size,
    hiddenDim: c.intermediate_size,
    layers: c.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    maxPositions: c.max_position_embeddings,
    normEpsilon: c.rms_norm_eps,
    ropeTheta: c.rope_theta ?? c.rope_parameters?.rope_theta ?? 10_000,
    tieEmbeddings: c.tie_word_embeddings,
    bosId: c.bos_token_id ?? null,
    eosIds: Array.isArray(eos) ? eos : [eos],
  };
}

/** The config.json of a model, as Hugging Face transformers reads it. */
export function serializeModelConfig(config: ModelConfig): Record<string, unknown> {
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
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
    hidden_act: 'silu',
    tie_word_embeddings: config.tieEmbeddings,
    bos_token_id: config.bosId,
    eos_token_id: config.eosIds.length === 1 ? config.eosIds[0] : [...config.eosIds],
    torch_dtype: 'float32',
  };
}
