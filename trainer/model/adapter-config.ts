/** A LoRA adapter's adapter_config.json as PEFT writes it, checked: what is not implemented is refused by name. */
import * as z from 'zod';
import { listedIssues } from '../contract/issues';
import { type Message, message } from '../contract/message';
import { adapterLayers } from '../contract/train-config';
import { TrainerError } from '../trainer-error';
import { isTarget, type ModuleTargets, type PatternTable, patternProblem } from './module-patterns';

export interface AdapterConfig {
  readonly rank: number;
  /** The adapter's output is multiplied by alpha / rank, or by alpha / sqrt(rank): see `adaptedModules`. */
  readonly alpha: number;
  readonly rankStabilized: boolean;
  readonly targets: ModuleTargets;
  /** Other ranks and alphas of some modules, by patterns of the ends of their paths; the first that fits counts. */
  readonly rankPattern?: PatternTable;
  readonly alphaPattern?: PatternTable;
  /** Share of an adapter's input that training drops. */
  readonly dropout: number;
  /** Name or folder of the base model: for people, not checked. */
  readonly baseModel: string | null;
}

/** An adapter_config.json that is malformed or asks for something that is not implemented. */
export class AdapterConfigError extends TrainerError {
  override readonly name = 'AdapterConfigError';
}

const refusal = (reason: Message) => new AdapterConfigError(message('inFile', { file: 'adapter_config.json', reason }));

const peftSchema = z.looseObject({
  peft_type: z.string(),
  r: z.int().min(1),
  lora_alpha: z.number().positive(),
  lora_dropout: z.number().min(0).lt(1).default(0),
  target_modules: z.union([z.string(), z.array(z.string()).min(1)]),
  use_rslora: z.boolean().nullish(),
  base_model_name_or_path: z.string().nullish(),
  bias: z.string().nullish(),
  init_lora_weights: z.unknown().optional(),
  rank_pattern: z.record(z.string(), z.int().min(1)).nullish(),
  alpha_pattern: z.record(z.string(), z.number().positive()).nullish(),
});

/** Fields of PEFT that do not change what an adapter computes, or that matter only where another field is refused. */
const harmless: ReadonlySet<string> = new Set([
  ...Object.keys(peftSchema.shape),
  'auto_mapping',
  'corda_config',
  'eva_config',
  'inference_mode',
  'layers_pattern',
  'loftq_config',
  'lora_ga_config',
  'megatron_config',
  'megatron_core',
  'peft_version',
  'qalora_group_size',
  'revision',
  'runtime_config',
  'task_type',
]);

/**
 * How the two matrices were initialised. Any other initialisation also changed the base weights, so that the adapter
 * belongs to weights that no file has.
 */
const starts: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'eva', 'orthogonal'];

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Parses adapter_config.json's content. Throws AdapterConfigError naming the field. */
export function parseAdapterConfig(json: unknown): AdapterConfig {
  const parsed = peftSchema.safeParse(json);
  if (!parsed.success) throw refusal(listedIssues(parsed.error));
  const c = parsed.data;
  if (c.peft_type !== 'LORA') {
    throw refusal(message('peftTypeNotSupported', { type: c.peft_type }));
  }
  const used = Object.keys(c).filter((field) => !harmless.has(field) && !isNothing(c[field]));
  if ((c.bias ?? 'none') !== 'none') used.push(`bias "${c.bias}"`);
  if (!starts.includes(c.init_lora_weights)) used.push(`init_lora_weights ${JSON.stringify(c.init_lora_weights)}`);
  if (used.length > 0) throw refusal(message('notSupported', { features: used.join(', ') }));
  const targets = targetsOf(c.target_modules);
  const { rank_pattern: ranks, alpha_pattern: alphas } = c;
  for (const pattern of Object.keys({ ...ranks, ...alphas })) checkPattern(pattern, 'rank_pattern, alpha_pattern');
  return {
    rank: c.r,
    alpha: c.lora_alpha,
    rankStabilized: c.use_rslora ?? false,
    targets,
    ...(isNothing(ranks) ? {} : { rankPattern: ranks! }),
    ...(isNothing(alphas) ? {} : { alphaPattern: alphas! }),
    dropout: c.lora_dropout,
    baseModel: c.base_model_name_or_path ?? null,
  };
}

/** Throws where the pattern is invalid or could take unbounded time; `field` is where it stands. */
function checkPattern(pattern: string, field: string): void {
  const reason = patternProblem(pattern);
  if (reason) throw refusal(message('fieldProblem', { field, reason }));
}

function targetsOf(modules: string | readonly string[]): ModuleTargets {
  if (modules === 'all-linear') return adapterLayers;
  const targets = typeof modules === 'string' ? { pattern: modules } : modules;
  if ('pattern' in targets) checkPattern(targets.pattern, 'target_modules');
  const beyond = ['lm_head', 'model.embed_tokens'].find((module) => isTarget(targets, module));
  if (beyond === undefined) return targets;
  throw refusal(message('cannotBeAdapted', { name: beyond, possible: adapterLayers.join(', ') }));
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
    target_modules: 'pattern' in config.targets ? config.targets.pattern : [...config.targets],
    ...(config.rankPattern ? { rank_pattern: config.rankPattern } : {}),
    ...(config.alphaPattern ? { alpha_pattern: config.alphaPattern } : {}),
    task_type: 'CAUSAL_LM',
    use_rslora: config.rankStabilized,
  };
}
