import { describe, expect, it } from 'vitest';
import { formatsOf } from './format';

it('calendar days are the same in every time zone', () => {
  expect(formatsOf('en').formatDay('2026-11-23')).toBe('Nov 23');
});

describe('shares and intervals', () => {
  it('are in percent, with a space that no line breaks at', () => {
    const { formatPercent, formatInterval } = formatsOf('en');
    expect(formatPercent(0.612)).toBe('61\u00a0%');
    expect(formatPercent(0.612, 1)).toBe('61.2\u00a0%');
    expect(formatInterval([0.55, 0.671])).toBe('[55.0,\u00a067.1]');
  });

  it('keep their order and sign in right-to-left text', () => {
    const { formatPercent, formatInterval, bytesInWords } = formatsOf('ar-u-nu-latn');
    for (const text of [formatPercent(0.5), formatInterval([0.1, 0.2]), bytesInWords(2048)]) {
      expect(text).toMatch(/^\u2066[\x20-\x7e\u00a0]+\u2069$/);
    }
  });
});

describe('how long something took', () => {
  it.each([
    [0, '0 sec'],
    [400, '0 sec'],
    [24_000, '24 sec'],
    [204_000, '3 min 24 sec'],
    [3_600_000, '1 hr'],
    [7_384_000, '2 hr 3 min'],
  ])('%d ms is "%s"', (milliseconds, words) => {
    expect(formatsOf('en').formatDuration(milliseconds)).toBe(words);
  });

  it('names languages, and leaves tags that have no name as they are', () => {
    expect(formatsOf('en').formatLanguage('pt-br')).toBe('Portuguese (Brazil)');
    expect(formatsOf('ja').formatLanguage('ar')).toBe('アラビア語');
    expect(['en-1', 'abcd', 'qqx'].map(formatsOf('en').formatLanguage)).toEqual(['en-1', 'abcd', 'qqx']);
  });
});
