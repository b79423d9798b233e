/**
 * The fields of a Hugging Face config.json that define what a model computes, and those of their values that are not
 * implemented.
 */
import * as z from 'zod';
import { type Message, message } from '../contract/message';
import { unsupportedFields } from './config-fields';

const size = z.int().positive();

export const hfConfigSchema = z.looseObject({
  model_type: z.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  max_position_embeddings: size.nullish(),
  rms_norm_eps: z.number().positive().default(1e-6),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  use_sliding_window: z.boolean().nullish(),
  sliding_window: size.nullish(),
  layer_types: z.array(z.string()).nullish(),
  num_experts: z.int().nullish(),
  num_local_experts: z.int().nullish(),
  rope_interleaved: z.boolean().nullish(),
  quantization_config: z.looseObject({ quant_method: z.string().optional() }).nullish(),
  // `readRope` looks into these.
  rope_theta: z.number().positive().nullish(),
  rope_scaling: z.unknown().optional(),
  rope_parameters: z.unknown().optional(),
  partial_rotary_factor: z.number().nullish(),
  original_max_position_embeddings: size.nullish(),
  bos_token_id: z.int().nullish(),
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
});

export type HfConfig = z.infer<typeof hfConfigSchema>;

/** The defaults of a family, as in transformers. */
export interface FamilyDefaults {
  readonly maxPositions: number;
  /** Absent: as many as there are heads. A null in the file means that in every family. */
  readonly kvHeads?: number;
  /** Absent: the width of the model by its heads. */
  readonly headDim?: number;
  /** Tokens that a token attends to; null: all before it. */
  readonly slidingWindow: number | null;
  /** Whether a window is in use only where use_sliding_window says so. */
  readonly windowHasSwitch: boolean;
}

export const families = {
  llama: { maxPositions: 2048, slidingWindow: null, windowHasSwitch: false },
  mistral: { maxPositions: 131_072, kvHeads: 8, slidingWindow: 4096, windowHasSwitch: false },
  qwen2: { maxPositions: 32_768, kvHeads: 32, slidingWindow: null, windowHasSwitch: true },
  qwen3: { maxPositions: 32_768, kvHeads: 32, headDim: 128, slidingWindow: null, windowHasSwitch: true },
} as const satisfies Record<string, FamilyDefaults>;

export type Family = keyof typeof families;

/** Features that a config asks for and the forward pass lacks. Dropouts are ignored. */
export function unsupportedFeatures(
  family: Family,
  c: HfConfig,
  shape: { headDim: number; maxPositions: number },
): Message[] {
  const found: Message[] = [];
  const field = (text: string) => found.push(message('plainField', { field: text }));
  if (c.hidden_act !== 'silu') found.push(message('hiddenActOnly', { value: c.hidden_act }));
  if (c.mlp_bias) field('mlp_bias');
  // Mistral's layers have no such biases, in transformers either.
  if (c.attention_bias && family === 'mistral') field('attention_bias');
  const window = windowOf(family, c);
  const layerType = c.layer_types?.find((type) => type !== 'full_attention');
  // A window as long as the context leaves nothing out.
  if (window !== null && window < shape.maxPositions) found.push(message('slidingWindow', { size: window }));
  else if (layerType !== undefined) found.push(message('layerType', { type: layerType }));
  const experts = c.num_experts ?? c.num_local_experts ?? 0;
  if (experts > 1) found.push(message('experts', { count: experts }));
  if (c.rope_interleaved) field('rope_interleaved');
  if (c.quantization_config) {
    found.push(message('quantized', { method: c.quantization_config.quant_method ?? 'quantization_config' }));
  }
  for (const text of unsupportedFields(c, shape.headDim)) field(text);
  return found;
}

function windowOf(family: Family, c: HfConfig): number | null {
  const { slidingWindow, windowHasSwitch } = families[family];
  if (windowHasSwitch) return c.use_sliding_window ? (c.sliding_window ?? 4096) : null;
  return c.sliding_window === undefined ? slidingWindow : c.sliding_window;
}
