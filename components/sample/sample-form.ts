/** The sampling form: text as typed on one side, checked settings on the other. Pure. */
import * as z from 'zod';
import { importLimits } from '@/lib/schemas/prompt-import';

/** Which prompts are asked. */
export const promptChoices = [
  { value: 'all', label: 'All prompts' },
  { value: 'open', label: 'Prompts that nobody has annotated' },
] as const;
export type PromptChoice = (typeof promptChoices)[number]['value'];

const whole = (least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).describe(`A whole number from ${least} to ${most}.`);

const schema = z.object({
  responses: whole(1, importLimits.maxResponses),
  temperature: z.coerce.number().min(0).max(5).describe('A number from 0 to 5.'),
  topP: z.coerce.number().gt(0).max(1).describe('A number above 0 and up to 1.'),
  maxTokens: whole(1, 4096),
  seed: whole(0, 2 ** 31 - 1),
  /** Of the chosen prompts, the first so many; 0 for all of them. */
  limit: whole(0, importLimits.prompts),
});
export type SampleSettings = z.infer<typeof schema>;
export type SampleField = keyof SampleSettings;
export type SampleFormValues = Readonly<Record<SampleField, string>>;

export const sampleFields: Readonly<Record<SampleField, { readonly label: string; readonly hint: string }>> = {
  responses: { label: 'Responses a prompt', hint: `A prompt has at most ${importLimits.maxResponses}, old and new.` },
  limit: { label: 'Only the first', hint: 'So many of these prompts, in import order. 0: all of them.' },
  maxTokens: { label: 'Longest response', hint: 'In tokens; what is longer is cut off there.' },
  temperature: { label: 'Temperature', hint: 'Higher is bolder. 0 always takes the most probable token.' },
  topP: { label: 'Top-p', hint: 'Draw from the most probable tokens that together have this probability.' },
  seed: { label: 'Seed', hint: 'Same seed, model and settings: same responses.' },
};

export const startValues: SampleFormValues = {
  responses: '4',
  limit: '0',
  maxTokens: '128',
  temperature: '0.8',
  topP: '0.95',
  seed: '0',
};

export type ParsedSampleForm =
  | { readonly settings: SampleSettings; readonly errors: null }
  | { readonly settings: null; readonly errors: Partial<Record<SampleField, string>> };

/** Checks every field at once; a field's error is one sentence that says what would be right. */
export function parseSampleForm(values: SampleFormValues): ParsedSampleForm {
  const errors: Partial<Record<SampleField, string>> = {};
  const parsed: Partial<Record<SampleField, number>> = {};
  for (const field of Object.keys(sampleFields) as SampleField[]) {
    // A comma as decimal sign is what half of Europe types.
    const text = values[field].trim().replace(/^(\d+),(\d+)$/, '$1.$2');
    const result = schema.shape[field].safeParse(text === '' ? undefined : text);
    if (result.success) parsed[field] = result.data;
    else errors[field] = schema.shape[field].description;
  }
  if (parsed.temperature === 0 && (parsed.responses ?? 1) > 1) {
    errors.temperature = 'At 0 all responses of a prompt are the same: ask for one, or choose more.';
  }
  return Object.keys(errors).length > 0
    ? { settings: null, errors }
    : { settings: parsed as SampleSettings, errors: null };
}
