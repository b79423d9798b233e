import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldedText, isBlank, representativeIds } from './response-text';

describe('a text with nothing to be seen in it', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \t\r\n\u00a0\u2003\u3000\u2028'],
    ['zero width', '\u200b\u200c\u200d\u2060\ufeff'],
    ['direction marks', '\u200e\u200f\u061c\u202e\u2066\u2069'],
    ['variation selectors', '\ufe0f\ufe0e\u{e0100}'],
    ['Hangul fillers', '\u115f\u1160\u3164\uffa0'],
    ['a blank of braille', '\u2800'],
    ['tags', '\u{e0001}\u{e0041}\u{e007f}'],
    ['a soft hyphen and a grapheme joiner', '\u00ad\u034f'],
    ['control characters', '\u0001\u007f\u0085'],
    ['a Mongolian vowel separator', '\u180e'],
    ['fillers of hieroglyphs and notes', '\u{13441}\u{13442}\u{16fe4}\u{1d159}'],
    ['all of it', ' \u200b\u3164\u2800\u{e0041}\ufe0f\n'],
  ])('%s', (_, text) => expect(isBlank(text)).toBe(true));

  it.each([
    ['a letter', '\u200bx'],
    ['a full stop', '.'],
    ['an emoji joined of several', '👩‍🔬'],
    ['a Hangul letter', '\u1100'],
    ['braille', '\u2801'],
    ['an Arabic number sign, a format character', '\u0600'],
    ['a mark alone', '\u0301'],
  ])('but not %s', (_, text) => expect(isBlank(text)).toBe(false));
});

describe('equal texts', () => {
  it('differ in normal form and white space alone', () => {
    expect(foldedText(' e\u0301\n\n b ')).toBe(foldedText('\u00e9 b'));
    expect(foldedText('a\u00a0b')).toBe('a b');
    expect(foldedText('A')).not.toBe(foldedText('a'));
    expect(foldedText('ﬁ')).not.toBe(foldedText('fi'));
  });

  it('go by the first of them', () => {
    const texts = ['x', 'é', 'x ', 'e\u0301', 'y'].map((text, i) => ({ id: `${i}`, text }));
    expect([...representativeIds(texts)].map(([, first]) => first)).toEqual(['0', '1', '0', '1', '4']);
  });
});

it('a folded text is in normal form C, without white space at its ends and with single spaces within', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ' ', '  ', '\t', '\n', '\u00a0', 'e\u0301', '\u007f', '~', '!') }),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(foldedText(text)).toBe(text.normalize('NFC').trim().split(/\s+/).join(' '));
    }),
    { numRuns: 1000 },
  );
});
