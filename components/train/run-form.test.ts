import { describe, expect, it } from 'vitest';
import { runConfigSchema } from '@/lib/schemas/run';
import { advancedFields, fieldWords, formValues, mainFields, parseForm, planRun } from './run-form';

describe('training form', () => {
  it('offers every setting of a run exactly once', () => {
    expect([...mainFields, ...advancedFields].sort()).toEqual(Object.keys(runConfigSchema.shape).sort());
    expect(Object.keys(fieldWords).sort()).toEqual(Object.keys(runConfigSchema.shape).sort());
  });

  it('the defaults go through text and back unchanged', () => {
    expect(parseForm(formValues())).toEqual({ config: runConfigSchema.parse({}), errors: null });
  });

  it('reads numbers as people write them', () => {
    const { config } = parseForm({ ...formValues(), alpha: ' 0,5 ', learningRate: '1e-4', maxLength: '512' });
    expect(config).toMatchObject({ alpha: 0.5, learningRate: 1e-4, maxLength: 512 });
  });

  it.each([
    ['alpha', '-1', 'A number from 0 to 100.'],
    ['alpha', '1.2.3', 'A number from 0 to 100.'],
    ['alpha', 'Infinity', 'A number from 0 to 100.'],
    ['learningRate', '0', 'A number above 0 and up to 1.'],
    ['epochs', '2.5', 'A whole number from 1 to 1000.'],
    ['epochs', '', 'Enter a number.'],
    ['heldOutFraction', '1', 'A number from 0 to 0.9.'],
    ['maxLength', '3', 'A whole number from 8 to 1000000.'],
  ] as const)('%s = "%s": %s', (field, value, message) => {
    expect(parseForm({ ...formValues(), [field]: value })).toEqual({ config: null, errors: { [field]: message } });
  });

  it('names every wrong field, not the first one only', () => {
    const { errors } = parseForm({ ...formValues(), alpha: 'x', seed: '-1' });
    expect(Object.keys(errors ?? {}).sort()).toEqual(['alpha', 'seed']);
  });

  it('plans the split and the steps', () => {
    const config = runConfigSchema.parse({ heldOutFraction: 0.25, batchSize: 4, accumulation: 2, epochs: 3 });
    expect(planRun(48, config)).toEqual({ trainPrompts: 36, heldOutPrompts: 12, steps: 15 });
  });
});
