/** The training form: text as typed on one side, a checked RunConfig on the other. Pure. */
import { adapterLayers, type RunConfig, runConfigSchema } from '@/lib/schemas/run';

export type RunField = keyof RunConfig;
/** What is trained: every weight, or a small adapter beside frozen ones. */
export type TrainingMethod = 'full' | 'lora';
/** What stands in the inputs. */
export type RunFormValues = Readonly<Record<RunField, string>> & { readonly method: TrainingMethod };

export interface FieldWords {
  readonly label: string;
  readonly hint: string;
}

/** One sentence each, for people who did not read the paper. */
export const fieldWords: Readonly<Record<RunField, FieldWords>> = {
  alpha: {
    label: 'Ranking weight α',
    hint: 'How much the order of the responses counts beside imitating the best one. 0 is plain fine-tuning.',
  },
  lambdaHuman: {
    label: 'Length exponent λ, human',
    hint: 'A score is log-probability ÷ tokens^λ. 1 is the mean per token.',
  },
  lambdaModel: { label: 'Length exponent λ, models', hint: 'Below 1, long responses from models score lower.' },
  learningRate: { label: 'Learning rate', hint: 'The highest rate, reached after warm-up.' },
  epochs: { label: 'Epochs', hint: 'Passes over the training prompts.' },
  heldOutFraction: {
    label: 'Held-out share',
    hint: 'Share of the prompts that training never sees; accuracy is measured on them.',
  },
  batchSize: { label: 'Batch size', hint: 'Prompts in one forward and backward pass.' },
  accumulation: { label: 'Accumulation', hint: 'Batches whose gradients make one step.' },
  seed: { label: 'Seed', hint: 'Same seed, snapshot, model and settings: same run.' },
  margin: { label: 'Margin', hint: 'How far the better response must lead before a pair costs nothing.' },
  reduction: {
    label: 'Pairs of a prompt are',
    hint: 'Summed as published, or averaged so that prompts with many pairs do not dominate.',
  },
  warmupRatio: { label: 'Warm-up share', hint: 'Share of the steps over which the rate rises from 0.' },
  weightDecay: { label: 'Weight decay', hint: 'AdamW’s, on matrices only.' },
  clipNorm: { label: 'Gradient clipping', hint: 'Largest gradient norm; 0 switches it off.' },
  packing: { label: 'Packing', hint: 'Shared computes a prompt once for all its responses. The result is the same.' },
  maxLength: { label: 'Longest prompt', hint: 'In tokens, with its longest response. Empty: the model’s context.' },
  loraRank: { label: 'Rank', hint: 'Width of the adapter: more can learn more, and takes more memory.' },
  loraAlpha: { label: 'Adapter weight', hint: 'The adapter counts weight ÷ rank. Twice the rank is usual.' },
  loraDropout: { label: 'Dropout', hint: 'Share of the adapter’s inputs left out at random in training.' },
  loraTargets: { label: 'Layers with an adapter', hint: 'All of them is the safe choice.' },
};

export const mainFields = ['alpha', 'lambdaHuman', 'lambdaModel', 'learningRate', 'epochs', 'heldOutFraction'] as const;
export const advancedFields = [
  'batchSize',
  'accumulation',
  'seed',
  'margin',
  'reduction',
  'warmupRatio',
  'weightDecay',
  'clipNorm',
  'packing',
  'maxLength',
] as const;
/** Of an adapter only. */
export const adapterFields = ['loraRank', 'loraAlpha', 'loraDropout', 'loraTargets'] as const;
const isAdapterField = (field: RunField) => (adapterFields as readonly RunField[]).includes(field);

const adapterDefaults: Partial<RunConfig> = {
  loraRank: 8,
  loraAlpha: 16,
  loraDropout: 0,
  loraTargets: adapterLayers.join(','),
};

/** Below, all weights and both their moments fit any machine; above, few people have the memory or the data. */
const LORA_FROM_PARAMETERS = 50e6;

/** What suits a model of this size. */
export function usualMethod(parameters: number): TrainingMethod {
  return parameters >= LORA_FROM_PARAMETERS ? 'lora' : 'full';
}

/** Names for people, by the layers' names in files. */
export const layerWords: Readonly<Record<(typeof adapterLayers)[number], string>> = {
  q_proj: 'Attention: query',
  k_proj: 'Attention: key',
  v_proj: 'Attention: value',
  o_proj: 'Attention: output',
  gate_proj: 'MLP: gate',
  up_proj: 'MLP: up',
  down_proj: 'MLP: down',
};

/** The chosen layers as the config has them, in the order of the forward pass. */
export function withLayer(targets: string, layer: (typeof adapterLayers)[number], chosen: boolean): string {
  const names = new Set(targets.split(','));
  if (chosen) names.add(layer);
  else names.delete(layer);
  return adapterLayers.filter((name) => names.has(name)).join(',');
}

/** Fields that offer named values instead of a number. */
export const choices: Partial<Record<RunField, readonly { value: string; label: string }[]>> = {
  reduction: [
    { value: 'sum', label: 'summed' },
    { value: 'mean', label: 'averaged' },
  ],
  packing: [
    { value: 'shared', label: 'shared prompt' },
    { value: 'naive', label: 'one copy a response' },
  ],
};

/** The schema's defaults (or another run's config) as text. */
export function formValues(config: RunConfig = runConfigSchema.parse({})): RunFormValues {
  const fields = Object.keys(fieldWords) as RunField[];
  const all = { ...adapterDefaults, ...config };
  const texts = Object.fromEntries(fields.map((field) => [field, String(all[field] ?? '')])) as Record<
    RunField,
    string
  >;
  return { ...texts, method: config.loraRank === undefined ? 'full' : 'lora' };
}

export type ParsedForm =
  | { readonly config: RunConfig; readonly errors: null }
  | { readonly config: null; readonly errors: Partial<Record<RunField, string>> };

/** Checks every field at once; a field's error is one sentence that says what would be right. */
export function parseForm(values: RunFormValues): ParsedForm {
  const errors: Partial<Record<RunField, string>> = {};
  const parsed: Partial<Record<RunField, unknown>> = {};
  for (const field of Object.keys(fieldWords) as RunField[]) {
    if (values.method === 'full' && isAdapterField(field)) continue;
    const text = values[field].trim();
    if (field === 'maxLength' && text === '') continue;
    if (field === 'loraTargets') {
      if (text === '') errors[field] = 'Choose at least one layer.';
      else parsed[field] = text;
      continue;
    }
    if (text === '') {
      errors[field] = 'Enter a number.';
      continue;
    }
    // A comma as decimal sign is what half of Europe types.
    const value = choices[field] ? text : Number(text.replace(/^(-?\d+),(\d+)$/, '$1.$2'));
    const result = runConfigSchema.shape[field].safeParse(value);
    if (result.success) parsed[field] = result.data;
    else errors[field] = limitsInWords(field);
  }
  if (Object.keys(errors).length > 0) return { config: null, errors };
  return { config: runConfigSchema.parse(parsed), errors: null };
}

/** "A whole number from 1 to 1000." read off the schema, so that it cannot disagree with it. */
function limitsInWords(field: RunField): string {
  const accepts = (value: unknown) => runConfigSchema.shape[field].safeParse(value).success;
  const issues = [-1e15, 1e15].map((value) => runConfigSchema.shape[field].safeParse(value).error?.issues[0]);
  const low = issues[0]?.code === 'too_small' ? issues[0].minimum : null;
  const high = issues[1]?.code === 'too_big' ? issues[1].maximum : null;
  const whole = !accepts(Number(low ?? 0) + 0.5) && accepts(Number(low ?? 0) + 1);
  const kind = whole ? 'A whole number' : 'A number';
  if (low === null || high === null) return `${kind} is needed.`;
  return `${kind} ${accepts(low) ? 'from' : 'above'} ${low} ${accepts(low) ? '' : 'and up '}to ${high}.`;
}

export interface RunPlan {
  readonly trainPrompts: number;
  readonly heldOutPrompts: number;
  readonly steps: number;
}

/** How a snapshot of `prompts` prompts will be split; the trainer's own split may differ by a prompt. */
export function planRun(prompts: number, config: RunConfig): RunPlan {
  const heldOutPrompts = Math.round(prompts * config.heldOutFraction);
  const trainPrompts = prompts - heldOutPrompts;
  const perStep = config.batchSize * config.accumulation;
  return { trainPrompts, heldOutPrompts, steps: Math.ceil(trainPrompts / perStep) * config.epochs };
}
