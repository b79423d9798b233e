import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { initialValues, parseSampleForm, sampleFields } from './sample-form';

const t = translatorFor('sample');

describe('the sampling form', () => {
  it('starts with settings that work, one for each field', () => {
    expect([...sampleFields].sort()).toEqual(Object.keys(initialValues).sort());
    expect(parseSampleForm(initialValues)).toEqual({
      settings: { responses: 4, limit: 0, maxTokens: 128, temperature: 0.8, topP: 0.95, seed: 0 },
      errors: null,
    });
    expect(parseSampleForm({ ...initialValues, temperature: ' 0,5 ' }).settings?.temperature).toBe(0.5);
  });

  it.each([
    ['responses', '13', 'Enter a whole number from 1 to 12.'],
    ['responses', '', 'Enter a whole number from 1 to 12.'],
    ['temperature', '-1', 'Enter a number from 0 to 5.'],
    [
      'temperature',
      '0',
      'At 0, all responses to a prompt are the same. Ask for one response, or raise the temperature.',
    ],
    ['topP', '0', 'Enter a number above 0 and up to 1.'],
    ['maxTokens', '1.5', 'Enter a whole number from 1 to 4,096.'],
    ['seed', '0x10', 'Enter a whole number from 0 to 2,147,483,647.'],
    ['seed', 'x', 'Enter a whole number from 0 to 2,147,483,647.'],
  ] as const)('%s = "%s": %s', (field, value, message) => {
    const { settings, errors } = parseSampleForm({ ...initialValues, [field]: value });
    expect(settings).toBeNull();
    expect(Object.keys(errors!)).toEqual([field]);
    expect(t(`problems.${errors![field]!.key}`, errors![field]!.values)).toBe(message);
  });

  it('takes temperature 0 for one response', () => {
    expect(parseSampleForm({ ...initialValues, temperature: '0', responses: '1' }).errors).toBeNull();
  });
});
