/** A LoRA adapter's adapter_config.json as PEFT writes it, checked: what is not built is refused by name. */
import * as z from 'zod';
import { issuesOf } from '../issues';
import { type Told, TrainerError, told } from '../told';

/** The linear layers that can be adapted, in the order of the forward pass. */
export const adapterTargets = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type AdapterTarget = (typeof adapterTargets)[number];

export interface AdapterConfig {
  readonly rank: number;
  /** The adapter's output is multiplied by `adapterScale`: alpha / rank, or alpha / sqrt(rank). */
  readonly alpha: number;
  readonly rankStabilized: boolean;
  readonly targets: readonly AdapterTarget[];
  /** Share of an adapter's input that training drops. */
  readonly dropout: number;
  /** Name or folder of the model that it belongs to: for people, not checked. */
  readonly baseModel: string | null;
}

/** An adapter_config.json that is malformed or asks for something that is not implemented. */
export class AdapterConfigError extends TrainerError {
  override readonly name = 'AdapterConfigError';
}

const refusal = (reason: Told) => new AdapterConfigError(told('inFile', { file: 'adapter_config.json', reason }));

export function adapterScale({ rank, alpha, rankStabilized }: AdapterConfig): number {
  return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
}

const peftSchema = z.looseObject({
  peft_type: z.string(),
  r: z.int().min(1),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).lt(1).default(0),
  target_modules: z.union([z.string(), z.array(z.string()).min(1)]),
  use_rslora: z.boolean().nullish(),
  base_model_name_or_path: z.string().nullish(),
  bias: z.string().nullish(),
  init_lora_weights: z.union([z.boolean(), z.string()]).nullish(),
});

/** Fields that change what an adapter computes; at any of these values they do not. */
const switchedOff: Readonly<Record<string, (value: unknown) => boolean>> = Object.fromEntries(
  [
    'alpha_pattern',
    'alora_invocation_tokens',
    'arrow_config',
    'corda_config',
    'eva_config',
    'exclude_modules',
    'fan_in_fan_out',
    'layer_replication',
    'layers_pattern',
    'layers_to_transform',
    'lora_bias',
    'modules_to_save',
    'rank_pattern',
    'target_parameters',
    'trainable_token_indices',
    'use_dora',
    'use_qalora',
  ].map((field) => [field, isNothing]),
);

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Parses adapter_config.json's content. Throws AdapterConfigError naming the field. */
export function parseAdapterConfig(json: unknown): AdapterConfig {
  const parsed = peftSchema.safeParse(json);
  if (!parsed.success) throw refusal(issuesOf(parsed.error));
  const c = parsed.data;
  if (c.peft_type !== 'LORA') {
    throw refusal(told('peftTypeNotSupported', { type: c.peft_type }));
  }
  const used = Object.keys(switchedOff).filter((field) => !switchedOff[field]!(c[field]));
  if ((c.bias ?? 'none') !== 'none') used.push(`bias "${c.bias}"`);
  // These starts change the model's own weights too: the adapter belongs to weights that no file holds.
  if (/^(pissa|olora|corda|loftq)/i.test(String(c.init_lora_weights))) {
    used.push(`init_lora_weights "${c.init_lora_weights}"`);
  }
  if (used.length > 0) throw refusal(told('notSupported', { features: used.join(', ') }));
  if (typeof c.target_modules === 'string' && c.target_modules !== 'all-linear') {
    throw refusal(told('targetsArePattern'));
  }
  return {
    rank: c.r,
    alpha: c.lora_alpha,
    rankStabilized: c.use_rslora ?? false,
    targets: typeof c.target_modules === 'string' ? adapterTargets : parseTargets(c.target_modules),
    dropout: c.lora_dropout,
    baseModel: c.base_model_name_or_path ?? null,
  };
}

/** Names to targets, each once and in order. Throws AdapterConfigError on a name that is none. */
export function parseTargets(names: readonly string[]): AdapterTarget[] {
  const unknown = names.find((name) => !(adapterTargets as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw new AdapterConfigError(told('cannotBeAdapted', { name: unknown, possible: adapterTargets.join(', ') }));
  }
  if (names.length === 0) throw new AdapterConfigError(told('adapterNeedsTarget'));
  return adapterTargets.filter((name) => names.includes(name));
}

/** The adapter_config.json that PEFT loads. */
export function serializeAdapterConfig(config: AdapterConfig): Record<string, unknown> {
  return {
    base_model_name_or_path: config.baseModel,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: config.rank,
    target_modules: [...config.targets],
    task_type: 'CAUSAL_LM',
    use_rslora: config.rankStabilized,
  };
}
