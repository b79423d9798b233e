/** The training form: text as typed on one side, a checked TrainConfig on the other. Pure. */
import { parseNumber } from '@/components/ui/number';
import {
  type AdapterLayer,
  adapterSettings,
  defaultTrainConfig,
  type NumberLimits,
  parseAdapterLayers,
  type SettingChoice,
  settingInputs,
  type TrainConfig,
  type TrainConfigInput,
  type TrainConfigKey,
  trainConfigFields,
  trainConfigKeys,
  trainConfigSchema,
} from '@/trainer/contract/train-config';

/** Trains every weight, or a small adapter beside frozen weights. */
export type TrainingMethod = 'full' | 'lora';
/** The texts of the inputs. */
export type RunFormValues = Readonly<Record<TrainConfigKey, string>> & { readonly method: TrainingMethod };

const isAdapterField = (field: TrainConfigKey) => (trainConfigKeys.adapter as TrainConfigKey[]).includes(field);

const defaultAdapter: TrainConfigInput = adapterSettings({ loraRank: 8 })!;

/** Settings that may stay empty; the messages under `train.leftOpen` say which value the trainer then uses. */
const optionalFields = ['maxLength', 'precision'] as const;
type OptionalField = (typeof optionalFields)[number];
export const isOptionalField = (field: TrainConfigKey): field is OptionalField =>
  (optionalFields as readonly TrainConfigKey[]).includes(field);

/**
 * Up to this size all weights with both moments fit most machines; above it, few people have the memory or the data.
 */
const LORA_FROM_PARAMETERS = 50e6;

/** The recommended method for a model of this size. */
export function recommendedMethod(parameters: number): TrainingMethod {
  return parameters >= LORA_FROM_PARAMETERS ? 'lora' : 'full';
}

/** The chosen layers as a config value, in the order of the forward pass. */
export function withLayer(targets: string, layer: AdapterLayer, chosen: boolean): string {
  const others = parseAdapterLayers(targets).filter((name) => name !== layer);
  return parseAdapterLayers([...others, ...(chosen ? [layer] : [])].join(',')).join(',');
}

/** The choices of a field, if it is not free text; `train.choices` in the messages has their labels. */
export function choicesFor(field: TrainConfigKey): readonly SettingChoice[] | undefined {
  const input = settingInputs[field];
  return input.kind === 'choice' ? input.choices : undefined;
}

/** A config as text. */
export function formValues(config: TrainConfig = defaultTrainConfig): RunFormValues {
  const all: TrainConfigInput = { ...defaultAdapter, ...config };
  const texts = Object.fromEntries(trainConfigKeys.all.map((field) => [field, String(all[field] ?? '')])) as Record<
    TrainConfigKey,
    string
  >;
  return { ...texts, method: config.loraRank === undefined ? 'full' : 'lora' };
}

/** The initial texts of the inputs: an adapter has another default learning rate. */
export const defaultValues = (method: TrainingMethod): RunFormValues =>
  formValues(trainConfigSchema.parse(method === 'lora' ? defaultAdapter : {}));

export type ParsedForm =
  | { readonly config: TrainConfig; readonly errors: null }
  | { readonly config: null; readonly errors: FieldProblems };

export type FieldProblems = Partial<Record<TrainConfigKey, FieldProblem>>;
/** The valid range of a field, as a key of `train.problems` with its values. */
export type FieldProblem = {
  readonly key: 'noLayer' | 'empty' | 'from' | 'above';
  readonly values?: { readonly whole: 'whole' | 'any'; readonly low: string; readonly high: string };
};

/** Validates all fields; each problem states the valid range. */
export function parseForm(values: RunFormValues): ParsedForm {
  const errors: FieldProblems = {};
  const parsed: Partial<Record<TrainConfigKey, unknown>> = {};
  for (const field of trainConfigKeys.all) {
    if (values.method === 'full' && isAdapterField(field)) continue;
    const text = values[field].trim();
    if (text === '' && isOptionalField(field)) continue;
    const input = settingInputs[field];
    const value = input.kind === 'number' && text !== '' ? parseNumber(text) : text;
    const result = trainConfigFields[field].safeParse(value);
    if (result.success) parsed[field] = result.data;
    else if (input.kind === 'layers') errors[field] = { key: 'noLayer' };
    else
      errors[field] = input.kind === 'number' && text !== '' ? problemOf(input.whole, input.limits) : { key: 'empty' };
  }
  if (Object.keys(errors).length > 0) return { config: null, errors };
  return { config: trainConfigSchema.parse(parsed), errors: null };
}

/** "Enter a whole number from 1 to 1000." */
function problemOf(whole: boolean, { low, includesLow, high }: NumberLimits): FieldProblem {
  const values = { whole: whole ? 'whole' : 'any', low: String(low), high: String(high) } as const;
  return { key: includesLow ? 'from' : 'above', values };
}

export interface RunPlan {
  readonly trainPrompts: number;
  readonly heldOutPrompts: number;
  readonly steps: number;
}

/** How a snapshot of `prompts` prompts will be split; the trainer's own split may differ by a prompt. */
export function planRun(prompts: number, config: TrainConfig): RunPlan {
  const heldOutPrompts = Math.round(prompts * config.heldOutFraction);
  const trainPrompts = prompts - heldOutPrompts;
  const perStep = config.batchSize * config.accumulation;
  return { trainPrompts, heldOutPrompts, steps: Math.ceil(trainPrompts / perStep) * config.epochs };
}
