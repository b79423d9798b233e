import { describe, expect, it } from 'vitest';
import { parseNumber } from './number';

describe('a number as people type it', () => {
  it.each([
    ['12', 12],
    [' 0.5 ', 0.5],
    ['0,5', 0.5],
    ['-3', -3],
    ['−3', -3],
    ['1e-4', 1e-4],
    ['5E2', 500],
    ['٣', 3],
    ['٠٫٥', 0.5],
    ['٠,٥', 0.5],
    ['۱۲', 12],
    ['１２．５', 12.5],
  ])('"%s" is %d', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    '0x10',
    '0b1',
    '0o7',
    'Infinity',
    'NaN',
    '1_000',
    '1.2.3',
    '1,2,3',
    '5.',
    '.',
    'e5',
    '1e9999',
    '١٢a',
  ])('"%s" is none', (text) => {
    expect(parseNumber(text)).toBeNull();
  });
});
