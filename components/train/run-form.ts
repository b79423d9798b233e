/** The training form: text as typed on one side, a checked TrainConfig on the other. Pure. */
import { parseNumber } from '@/components/ui/number';
import {
  type AdapterLayer,
  adapterSettings,
  defaultTrainConfig,
  type NumberLimits,
  parseAdapterLayers,
  type SettingChoice,
  settingForms,
  type TrainConfig,
  type TrainConfigInput,
  type TrainConfigKey,
  trainConfigFields,
  trainConfigKeys,
  trainConfigSchema,
} from '@/trainer/contract/train-config';

/** What is trained: every weight, or a small adapter beside frozen ones. */
export type TrainingMethod = 'full' | 'lora';
/** What stands in the inputs. */
export type RunFormValues = Readonly<Record<TrainConfigKey, string>> & { readonly method: TrainingMethod };

const isAdapterField = (field: TrainConfigKey) => (trainConfigKeys.adapter as TrainConfigKey[]).includes(field);

const defaultAdapter: TrainConfigInput = adapterSettings({ loraRank: 8 })!;

/** Settings that may be left to the trainer; `train.leftOpen` in the messages has what it does then. */
const optionalFields = ['maxLength', 'precision'] as const;
type OptionalField = (typeof optionalFields)[number];
export const isOptionalField = (field: TrainConfigKey): field is OptionalField =>
  (optionalFields as readonly TrainConfigKey[]).includes(field);

/** Below, all weights and both their moments fit any machine; above, few people have the memory or the data. */
const LORA_FROM_PARAMETERS = 50e6;

/** What suits a model of this size. */
export function recommendedMethod(parameters: number): TrainingMethod {
  return parameters >= LORA_FROM_PARAMETERS ? 'lora' : 'full';
}

/** The chosen layers as the config has them, in the order of the forward pass. */
export function withLayer(targets: string, layer: AdapterLayer, chosen: boolean): string {
  const others = parseAdapterLayers(targets).filter((name) => name !== layer);
  return parseAdapterLayers([...others, ...(chosen ? [layer] : [])].join(',')).join(',');
}

/** What a field offers instead of free text; `train.choices` in the messages has the words. */
export function choicesFor(field: TrainConfigKey): readonly SettingChoice[] | undefined {
  const form = settingForms[field];
  return form.kind === 'choice' ? form.choices : undefined;
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

/** What stands in the inputs before anybody has typed: an adapter has its own usual rate. */
export const defaultValues = (method: TrainingMethod): RunFormValues =>
  formValues(trainConfigSchema.parse(method === 'lora' ? defaultAdapter : {}));

export type ParsedForm =
  | { readonly config: TrainConfig; readonly errors: null }
  | { readonly config: null; readonly errors: FieldProblems };

export type FieldProblems = Partial<Record<TrainConfigKey, FieldProblem>>;
/** What would be right, as a key of `train.problems` and its numbers. */
export type FieldProblem = {
  readonly key: 'noLayer' | 'empty' | 'from' | 'above';
  readonly values?: { readonly whole: 'whole' | 'any'; readonly low: string; readonly high: string };
};

/** Checks every field at once; a field's problem says what would be right. */
export function parseForm(values: RunFormValues): ParsedForm {
  const errors: FieldProblems = {};
  const parsed: Partial<Record<TrainConfigKey, unknown>> = {};
  for (const field of trainConfigKeys.all) {
    if (values.method === 'full' && isAdapterField(field)) continue;
    const text = values[field].trim();
    if (text === '' && isOptionalField(field)) continue;
    const form = settingForms[field];
    const value = form.kind === 'number' && text !== '' ? parseNumber(text) : text;
    const result = trainConfigFields[field].safeParse(value);
    if (result.success) parsed[field] = result.data;
    else if (form.kind === 'layers') errors[field] = { key: 'noLayer' };
    else errors[field] = form.kind === 'number' && text !== '' ? problemOf(form.whole, form.limits) : { key: 'empty' };
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
