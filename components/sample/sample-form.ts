/** Converts the sampling form's text into checked settings. */
import * as z from 'zod';
import { parseNumber } from '@/components/ui/number';
import { importLimits } from '@/lib/schemas/prompt-import';

/** Which prompts are sampled: all, or those that nobody has annotated. */
export const promptChoices = ['all', 'open'] as const;
export type PromptChoice = (typeof promptChoices)[number];

const integer = (least: number, most: number) => z.number().int().min(least).max(most);

const MAX_TOKENS = 4096;
const MAX_SEED = 2 ** 31 - 1;

const schema = z.object({
  responses: integer(1, importLimits.maxResponses),
  temperature: z.number().min(0).max(5),
  topP: z.number().gt(0).max(1),
  maxTokens: integer(1, MAX_TOKENS),
  seed: integer(0, MAX_SEED),
  /** How many of the chosen prompts to sample; 0 for all of them. */
  limit: integer(0, importLimits.extendedPrompts),
});
export type SampleSettings = z.infer<typeof schema>;
export type SampleField = keyof SampleSettings;
export type SampleFormValues = Readonly<Record<SampleField, string>>;

/** The fields in the order of the form; their labels are in `sample.fields` of the messages. */
export const sampleFields: readonly SampleField[] = ['responses', 'limit', 'maxTokens', 'temperature', 'topP', 'seed'];

export const initialValues: SampleFormValues = {
  responses: '4',
  limit: '0',
  maxTokens: '128',
  temperature: '0.8',
  topP: '0.95',
  seed: '0',
};

export type ParsedSampleForm =
  | { readonly settings: SampleSettings; readonly errors: null }
  | { readonly settings: null; readonly errors: Partial<Record<SampleField, SampleProblem>> };

/** The error message of a field: a key of `sample.problems` with its values. */
export type SampleProblem = {
  readonly key: 'whole' | 'temperature' | 'topP' | 'sameAtZero';
  readonly values?: { readonly least: number; readonly most: number };
};

const problemOf: Readonly<Record<SampleField, SampleProblem>> = {
  responses: outside(1, importLimits.maxResponses),
  limit: outside(0, importLimits.extendedPrompts),
  maxTokens: outside(1, MAX_TOKENS),
  temperature: { key: 'temperature' },
  topP: { key: 'topP' },
  seed: outside(0, MAX_SEED),
};

function outside(least: number, most: number): SampleProblem {
  return { key: 'whole', values: { least, most } };
}

/** Checks all fields at once; a field's error says which values are valid. */
export function parseSampleForm(values: SampleFormValues): ParsedSampleForm {
  const errors: Partial<Record<SampleField, SampleProblem>> = {};
  const parsed: Partial<Record<SampleField, number>> = {};
  for (const field of sampleFields) {
    const result = schema.shape[field].safeParse(parseNumber(values[field]));
    if (result.success) parsed[field] = result.data;
    else errors[field] = problemOf[field];
  }
  if (parsed.temperature === 0 && (parsed.responses ?? 1) > 1) {
    errors.temperature = { key: 'sameAtZero' };
  }
  return Object.keys(errors).length > 0
    ? { settings: null, errors }
    : { settings: parsed as SampleSettings, errors: null };
}
