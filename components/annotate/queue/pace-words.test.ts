import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { durationWords, othersWords, paceWords } from './pace-words';

const t = translatorFor('marks');
const pace = { today: 3, judgedByAnyone: 40, total: 60, medianActiveMs: 34_400 };

describe('paceWords', () => {
  it('counts what is stored, and says the median', () => {
    expect(paceWords(pace, t)).toBe('3 today · about 34 s per prompt');
    expect(othersWords(pace, t)).toBe('40 of 60 judged by at least one person');
  });

  it('says nothing about a pace that nobody knows', () => {
    expect(paceWords({ ...pace, today: 0, total: 0, medianActiveMs: null }, t)).toBe('0 today');
  });

  it.each([
    [0, '1 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [75_000, '1 min 15 s'],
    [754_000, '13 min'],
  ])('%i ms is %s', (ms, words) => {
    expect(durationWords(ms, t)).toBe(words);
  });
});
