/**
 * The settings of a training. This is the only place that defines them, their limits and their defaults: the command
 * line's options and help, the page's form, the request that creates a run, and the stored config all derive from this
 * schema. Equal configs on equal data and models give equal runs, so everything that changes results is a setting.
 */
import './without-compiling';
import * as z from 'zod';
import { messageKey } from './message';

/** The linear layers that a LoRA adapter can be attached to, in the order of the forward pass. */
export const adapterLayers = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type AdapterLayer = (typeof adapterLayers)[number];
const allLayers = adapterLayers.join(',');
const layer = `(?:${adapterLayers.join('|')})`;

/** Layer names without whitespace, for comparison: an earlier version stored them as typed. */
export function withoutWhitespace(layers: string): string {
  return layers.replace(/\s/g, '');
}

/**
 * The default peak learning rates. An adapter's is ten times the whole model's: at the same rate its loss hardly falls
 * (measured: "LoRA's rate" in trainer/bench/RESULTS.md).
 */
const defaultRates = { wholeModel: 5e-4, adapter: 5e-3 } as const;

const mainFields = {
  alpha: z.number().min(0).max(100).default(0.1).describe('weight of the ranking loss beside the supervised loss'),
  lambdaHuman: z.number().min(0).max(2).default(1).describe('length exponent of the scores of human responses'),
  lambdaModel: z.number().min(0).max(2).default(0.85).describe('length exponent of the scores of all others'),
  learningRate: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe(
      `peak learning rate, after warm-up (default ${defaultRates.wholeModel}; of an adapter ${defaultRates.adapter})`,
    ),
  epochs: z.int().min(1).max(1000).default(3).describe('passes over the training prompts'),
  heldOutFraction: z.number().min(0).max(0.9).default(0.2).describe('share of the prompts that training never sees'),
};

const advancedFields = {
  batchSize: z.int().min(1).max(256).default(4).describe('prompts in one forward and backward pass'),
  accumulation: z.int().min(1).max(256).default(1).describe('batches whose gradients make one optimizer step'),
  seed: z.int().min(0).max(0xffffffff).default(1).describe('seed of the shuffles and of the held-out choice'),
  margin: z.number().min(0).max(100).default(0).describe('how far a better response must lead to cost nothing'),
  reduction: z.enum(['sum', 'mean']).default('sum').describe("how the losses of a prompt's pairs are combined"),
  warmupRatio: z.number().min(0).max(1).default(0.05).describe('share of the steps over which the rate rises from 0'),
  weightDecay: z.number().min(0).max(1).default(0.01).describe("AdamW's decoupled weight decay"),
  clipNorm: z.number().min(0).max(1000).default(1).describe('largest gradient norm; 0: no clipping'),
  packing: z
    .enum(['shared', 'naive'])
    .default('shared')
    .describe("whether a prompt's responses share one copy of the prompt; the numbers are the same"),
  precision: z
    .enum(['f32', 'mixed'])
    .optional()
    .describe(
      'mixed: f16 for kept activations and for the weights that products read; what is trained, and all sums, stay f32 (default: mixed on GPUs that have f16, else f32)',
    ),
  maxLength: z
    .int()
    .min(8)
    .max(1_000_000)
    .optional()
    .describe("cut longer prompts to this many tokens (default: the model's context, and longer ones are refused)"),
};

const adapterFields = {
  loraRank: z.int().min(1).max(512).optional().describe('train a LoRA adapter of this rank instead of the model'),
  loraAlpha: z
    .number()
    .positive()
    .max(4096)
    .optional()
    .describe('the adapter counts alpha / rank (default: twice the rank)'),
  loraDropout: z
    .number()
    .min(0)
    .max(0.9)
    .optional()
    .describe("share of the adapter's inputs dropped in training (default 0)"),
  loraTargets: z
    .string()
    .overwrite(withoutWhitespace)
    .regex(new RegExp(`^${layer}(?:,${layer})*$`), messageKey('layerNames'))
    .optional()
    .describe(`of ${adapterLayers.join(', ')} (default: all)`),
};

export const trainConfigFields = { ...mainFields, ...advancedFields, ...adapterFields };
export type TrainConfigKey = keyof typeof trainConfigFields;

const keysOf = <Fields extends object>(fields: Fields) => Object.keys(fields) as (keyof Fields)[];
/** The settings by audience: for most people, for experts, and for training an adapter. */
export const trainConfigKeys = {
  main: keysOf(mainFields),
  advanced: keysOf(advancedFields),
  adapter: keysOf(adapterFields),
  all: keysOf(trainConfigFields),
};

type Config = z.output<z.ZodObject<typeof trainConfigFields>>;
/** A config with every setting that changes results filled in. */
export type TrainConfig = Config & { readonly learningRate: number };

const withDefaultRate = (config: Config): TrainConfig => ({
  ...config,
  learningRate: config.learningRate ?? (config.loraRank === undefined ? defaultRates.wholeModel : defaultRates.adapter),
});

/** Checks a config from outside and fills in its defaults. */
export const trainConfigSchema = z
  .strictObject(trainConfigFields)
  .refine(
    (config) => config.loraRank !== undefined || trainConfigKeys.adapter.every((key) => config[key] === undefined),
    {
      path: ['loraRank'],
      message: messageKey('rankNeeded'),
    },
  )
  .transform(withDefaultRate);
export type TrainConfigInput = z.input<typeof trainConfigSchema>;

export const defaultTrainConfig: TrainConfig = trainConfigSchema.parse({});

/**
 * Reads a stored config. One of an earlier version lacks newer settings, may have removed ones, and had other limits,
 * which are not enforced on it.
 */
export const storedTrainConfigSchema = z
  .object(
    Object.fromEntries(
      trainConfigKeys.all.map((key) => [key, withoutLimits(trainConfigFields[key])]),
    ) as unknown as Unlimited,
  )
  .transform(withDefaultRate);
type Unlimited = { readonly [Key in TrainConfigKey]: z.ZodType<Config[Key]> };

/** A setting's type and default, without its limits. */
function withoutLimits(field: z.core.$ZodType): z.ZodType {
  if (field instanceof z.ZodDefault) return withoutLimits(field.unwrap()).default(field.parse(undefined));
  if (field instanceof z.ZodOptional) return withoutLimits(field.unwrap()).optional();
  if (field instanceof z.ZodNumber) return z.number();
  if (field instanceof z.ZodString) return z.string().overwrite(withoutWhitespace);
  return field as z.ZodType;
}

/** The settings of an adapter, with defaults filled in; null where the whole model is trained. */
export function adapterSettings(config: Pick<TrainConfigInput, keyof typeof adapterFields>) {
  const { loraRank, loraAlpha, loraDropout, loraTargets } = config;
  if (loraRank === undefined) return null;
  return {
    loraRank,
    loraAlpha: loraAlpha ?? 2 * loraRank,
    loraDropout: loraDropout ?? 0,
    loraTargets: loraTargets ?? allLayers,
  };
}

/** Parses `loraTargets`: each layer once, in the order of the forward pass. */
export function parseAdapterLayers(loraTargets: string): AdapterLayer[] {
  const names = new Set(loraTargets.split(','));
  return adapterLayers.filter((name) => names.has(name));
}

type ChoicesIn<Value> = Value extends string ? (string extends Value ? never : Value) : never;
/** Every value of every setting that is a choice. */
export type SettingChoice = { [Key in TrainConfigKey]: ChoicesIn<NonNullable<TrainConfig[Key]>> }[TrainConfigKey];

/** The kind and limits of a setting, for forms and options. */
export type SettingInput =
  | { readonly kind: 'number'; readonly whole: boolean; readonly limits: NumberLimits }
  | { readonly kind: 'choice'; readonly choices: readonly SettingChoice[] }
  /** Comma-separated layer names. */
  | { readonly kind: 'layers' };

export interface NumberLimits {
  readonly low: number;
  /** Whether the number may be `low` itself. */
  readonly includesLow: boolean;
  readonly high: number;
}

export const settingInputs = Object.fromEntries(
  trainConfigKeys.all.map((key) => [key, inputOf(trainConfigFields[key])]),
) as Readonly<Record<TrainConfigKey, SettingInput>>;

function inputOf(field: z.ZodType): SettingInput {
  const json = z.toJSONSchema(field, { io: 'input' });
  if (json.enum) return { kind: 'choice', choices: json.enum as SettingChoice[] };
  if (json.type === 'string') return { kind: 'layers' };
  const limits = {
    low: json.minimum ?? Number(json.exclusiveMinimum ?? Number.NEGATIVE_INFINITY),
    includesLow: json.minimum !== undefined,
    high: json.maximum ?? Number.POSITIVE_INFINITY,
  };
  return { kind: 'number', whole: json.type === 'integer', limits };
}
