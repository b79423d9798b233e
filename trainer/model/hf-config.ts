/** The fields of a Hugging Face config.json that say what a model computes, and which of their values are not built. */
import * as z from 'zod';
import { type Told, told } from '../told';

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
  rope_theta: z.number().positive().nullish(),
  hidden_act: z.string().default('silu'),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  use_sliding_window: z.boolean().nullish(),
  layer_types: z.array(z.string()).nullish(),
  num_experts: z.int().nullish(),
  num_local_experts: z.int().nullish(),
  partial_rotary_factor: z.number().nullish(),
  rope_interleaved: z.boolean().nullish(),
  quantization_config: z.looseObject({ quant_method: z.string().optional() }).nullish(),
  rope_scaling: z.unknown().optional(),
  /** What newer files hold in place of rope_theta and rope_scaling. */
  rope_parameters: z.looseObject({ rope_theta: z.number().positive().optional() }).nullish(),
  bos_token_id: z.int().nullish(),
  eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
});

export type HfConfig = z.infer<typeof hfConfigSchema>;

/**
 * What the config asks for and the forward pass does not have. A sliding_window that use_sliding_window
 * leaves switched off is no demand; dropouts are not applied.
 */
export function unsupportedFeatures(c: HfConfig): Told[] {
  const found: Told[] = [];
  const field = (text: string) => found.push(told('plainField', { field: text }));
  if (c.hidden_act !== 'silu') found.push(told('hiddenActOnly', { value: c.hidden_act }));
  if (c.mlp_bias) field('mlp_bias');
  const layerType = c.layer_types?.find((type) => type !== 'full_attention');
  if (c.use_sliding_window) found.push(told('slidingWindow'));
  else if (layerType !== undefined) found.push(told('layerType', { type: layerType }));
  const experts = c.num_experts ?? c.num_local_experts ?? 0;
  if (experts > 1) found.push(told('experts', { count: experts }));
  if ((c.partial_rotary_factor ?? 1) !== 1) field(`partial_rotary_factor ${c.partial_rotary_factor}`);
  if (c.rope_interleaved) field('rope_interleaved');
  if (c.quantization_config) {
    found.push(told('quantized', { method: c.quantization_config.quant_method ?? 'quantization_config' }));
  }
  return found;
}
