import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { defaultTrainConfig, trainConfigSchema } from '@/trainer/contract/train-config';
import {
  defaultValues,
  type FieldProblems,
  formValues,
  parseForm,
  planRun,
  recommendedMethod,
  withLayer,
} from './run-form';

const t = translatorFor('train');
const inWords = (problems: FieldProblems) =>
  Object.fromEntries(Object.entries(problems).map(([field, { key, values }]) => [field, t(`problems.${key}`, values)]));

describe('training form', () => {
  it('the defaults survive conversion to text and back', () => {
    expect(parseForm(formValues())).toEqual({ config: defaultTrainConfig, errors: null });
  });

  it('reads numbers as people write them', () => {
    const { config } = parseForm({ ...formValues(), alpha: ' 0,5 ', learningRate: '1e-4', maxLength: '512' });
    expect(config).toMatchObject({ alpha: 0.5, learningRate: 1e-4, maxLength: 512 });
    expect(parseForm({ ...formValues(), alpha: '٠٫٥', epochs: '٣' }).config).toMatchObject({ alpha: 0.5, epochs: 3 });
  });

  it.each([
    ['alpha', '-1', 'Enter a number from 0 to 100.'],
    ['alpha', '1.2.3', 'Enter a number from 0 to 100.'],
    ['alpha', 'Infinity', 'Enter a number from 0 to 100.'],
    ['alpha', '0x10', 'Enter a number from 0 to 100.'],
    ['learningRate', '0', 'Enter a number above 0 and up to 1.'],
    ['epochs', '2.5', 'Enter a whole number from 1 to 1000.'],
    ['epochs', '', 'Enter a number.'],
    ['heldOutFraction', '1', 'Enter a number from 0 to 0.9.'],
    ['maxLength', '3', 'Enter a whole number from 8 to 1000000.'],
  ] as const)('%s = "%s": %s', (field, value, message) => {
    const { config, errors } = parseForm({ ...formValues(), [field]: value });
    expect(config).toBeNull();
    expect(inWords(errors!)).toEqual({ [field]: message });
  });

  it('reports every invalid field, not only the first', () => {
    const { errors } = parseForm({ ...formValues(), alpha: 'x', seed: '-1' });
    expect(Object.keys(errors ?? {}).sort()).toEqual(['alpha', 'seed']);
  });

  it('adapter settings are left out when the full model is trained', () => {
    const values = formValues();
    expect(parseForm(values).config).not.toHaveProperty('loraRank');
    expect(parseForm({ ...values, loraRank: 'x' }).errors).toBeNull();
    const { config } = parseForm({ ...values, method: 'lora', loraRank: '4', loraTargets: 'q_proj,v_proj' });
    expect(config).toMatchObject({ loraRank: 4, loraAlpha: 16, loraDropout: 0, loraTargets: 'q_proj,v_proj' });
    expect(parseForm(formValues(config!)).config).toEqual(config);
    expect(
      inWords(parseForm({ ...values, method: 'lora', loraRank: '0', loraDropout: '1', loraTargets: '' }).errors!),
    ).toEqual({
      loraRank: 'Enter a whole number from 1 to 512.',
      loraDropout: 'Enter a number from 0 to 0.9.',
      loraTargets: 'Choose at least one layer.',
    });
  });

  it('an adapter’s default learning rate is ten times the full model’s', () => {
    expect(defaultValues('full')).toEqual(formValues());
    expect(defaultValues('lora')).toMatchObject({ method: 'lora', learningRate: '0.005', loraRank: '8' });
    expect(trainConfigSchema.parse({}).learningRate).toBe(5e-4);
    expect(trainConfigSchema.parse({ loraRank: 8 }).learningRate).toBe(5e-3);
    expect(trainConfigSchema.parse({ loraRank: 8, learningRate: 5e-4 }).learningRate).toBe(5e-4);
  });

  it('keeps the layers in the order of the forward pass', () => {
    expect(withLayer('v_proj', 'q_proj', true)).toBe('q_proj,v_proj');
    expect(withLayer('q_proj,v_proj', 'q_proj', false)).toBe('v_proj');
    expect(withLayer('v_proj', 'v_proj', false)).toBe('');
  });

  it('recommends full training for small models and an adapter for large ones', () => {
    expect([1.5e6, 15e6, 135e6, 3e9].map(recommendedMethod)).toEqual(['full', 'full', 'lora', 'lora']);
  });

  it('plans the split and the steps', () => {
    const config = trainConfigSchema.parse({ heldOutFraction: 0.25, batchSize: 4, accumulation: 2, epochs: 3 });
    expect(planRun(48, config)).toEqual({ trainPrompts: 36, heldOutPrompts: 12, steps: 15 });
  });
});
