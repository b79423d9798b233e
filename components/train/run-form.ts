/** The training form: text as typed on one side, a checked RunConfig on the other. Pure. */
import { parseNumber } from '@/components/ui/number';
import { adapterLayers, type RunConfig, runConfigFields, runConfigSchema } from '@/lib/schemas/run';

export type RunField = keyof RunConfig;
/** What is trained: every weight, or a small adapter beside frozen ones. */
export type TrainingMethod = 'full' | 'lora';
/** What stands in the inputs. */
export type RunFormValues = Readonly<Record<RunField, string>> & { readonly method: TrainingMethod };

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
export const runFields: readonly RunField[] = [...mainFields, ...advancedFields, ...adapterFields];
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

/** The chosen layers as the config has them, in the order of the forward pass. */
export function withLayer(targets: string, layer: (typeof adapterLayers)[number], chosen: boolean): string {
  const names = new Set(targets.split(','));
  if (chosen) names.add(layer);
  else names.delete(layer);
  return adapterLayers.filter((name) => names.has(name)).join(',');
}

/** Fields that offer named values instead of a number; `train.choices` in the messages has their words. */
export const choices = {
  reduction: ['sum', 'mean'],
  packing: ['shared', 'naive'],
} as const;

export const choicesOf = (field: RunField): readonly (typeof choices)[keyof typeof choices][number][] | undefined =>
  field === 'reduction' || field === 'packing' ? choices[field] : undefined;

/** The schema's defaults (or another run's config) as text. */
export function formValues(config: RunConfig = runConfigSchema.parse({})): RunFormValues {
  const all = { ...adapterDefaults, ...config };
  const texts = Object.fromEntries(runFields.map((field) => [field, String(all[field] ?? '')])) as Record<
    RunField,
    string
  >;
  return { ...texts, method: config.loraRank === undefined ? 'full' : 'lora' };
}

/** What stands in the inputs before anybody has typed: an adapter has its own usual rate. */
export const usualValues = (method: TrainingMethod): RunFormValues =>
  formValues(runConfigSchema.parse(method === 'lora' ? adapterDefaults : {}));

export type ParsedForm =
  | { readonly config: RunConfig; readonly errors: null }
  | { readonly config: null; readonly errors: FieldProblems };

export type FieldProblems = Partial<Record<RunField, FieldProblem>>;
/** What would be right, as a key of `train.problems` and its numbers. */
export type FieldProblem = {
  readonly key: 'noLayer' | 'empty' | 'needed' | 'from' | 'above';
  readonly values?: { readonly whole: 'whole' | 'any'; readonly low?: string; readonly high?: string };
};

/** Checks every field at once; a field's problem says what would be right. */
export function parseForm(values: RunFormValues): ParsedForm {
  const errors: FieldProblems = {};
  const parsed: Partial<Record<RunField, unknown>> = {};
  for (const field of runFields) {
    if (values.method === 'full' && isAdapterField(field)) continue;
    const text = values[field].trim();
    if (field === 'maxLength' && text === '') continue;
    if (field === 'loraTargets') {
      if (text === '') errors[field] = { key: 'noLayer' };
      else parsed[field] = text;
      continue;
    }
    if (text === '') {
      errors[field] = { key: 'empty' };
      continue;
    }
    const value = choicesOf(field) ? text : parseNumber(text);
    const result = runConfigFields.shape[field].safeParse(value);
    if (result.success) parsed[field] = result.data;
    else errors[field] = limitsOf(field);
  }
  if (Object.keys(errors).length > 0) return { config: null, errors };
  return { config: runConfigSchema.parse(parsed), errors: null };
}

/** "A whole number from 1 to 1000." read off the schema, so that it cannot disagree with it. */
function limitsOf(field: RunField): FieldProblem {
  const accepts = (value: unknown) => runConfigFields.shape[field].safeParse(value).success;
  const issues = [-1e15, 1e15].map((value) => runConfigFields.shape[field].safeParse(value).error?.issues[0]);
  const low = issues[0]?.code === 'too_small' ? issues[0].minimum : null;
  const high = issues[1]?.code === 'too_big' ? issues[1].maximum : null;
  const whole = !accepts(Number(low ?? 0) + 0.5) && accepts(Number(low ?? 0) + 1);
  const kind = whole ? 'whole' : 'any';
  if (low === null || high === null) return { key: 'needed', values: { whole: kind } };
  return { key: accepts(low) ? 'from' : 'above', values: { whole: kind, low: String(low), high: String(high) } };
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
