import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldText } from './fold';

describe('foldText', () => {
  it('leaves short texts whole', () => {
    expect(foldText('Two lines.\nNo more.')).toEqual({ long: false, preview: 'Two lines.\nNo more.' });
    expect(foldText('word '.repeat(80)).long).toBe(false);
  });

  it('counts lines as well as letters', () => {
    expect(foldText('a\n'.repeat(9)).long).toBe(true);
    expect(foldText('word '.repeat(120)).long).toBe(true);
  });

  it('counts Chinese characters twice', () => {
    expect(foldText('字'.repeat(220)).long).toBe(false);
    expect(foldText('字'.repeat(260)).long).toBe(true);
    expect(foldText('a'.repeat(260)).long).toBe(false);
  });

  it('previews a bounded beginning that ends at a word', () => {
    const { preview } = foldText('lorem ipsum '.repeat(3000));
    expect(preview.length).toBeLessThan(2000);
    expect(preview).toMatch(/(lorem|ipsum)$/);
    expect(foldText('字'.repeat(100_000)).preview.length).toBeLessThan(1000);
  });

  it('is the beginning of the text, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), fc.integer({ min: 1, max: 5 }), (text, times) => {
        const whole = Array.from({ length: times }, () => text).join('\n');
        expect(whole.startsWith(foldText(whole).preview)).toBe(true);
      }),
    );
  });
});
