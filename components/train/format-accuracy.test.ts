import { describe, expect, it } from 'vitest';
import { formatsOf } from '@/components/ui/format';
import { translatorFor } from '@/lib/i18n/testing-translator';
import type { Accuracy } from '@/trainer/contract/run-event';
import { compareAccuracies, exponentNote, formatAccuracy } from './format-accuracy';

const t = translatorFor('accuracy');
const formats = formatsOf('en');
const accuracy = (value: number, low: number, high: number): Accuracy => ({
  accuracy: value,
  pairs: 412,
  prompts: 12,
  interval: [low, high],
});
const none: Accuracy = { accuracy: null, pairs: 0, prompts: 3, interval: null };
const one: Accuracy = { accuracy: 1, pairs: 1, prompts: 1, interval: null };

describe('accuracy in words', () => {
  it('names the number, its interval and what it was measured on', () => {
    expect(formatAccuracy(accuracy(0.612, 0.55, 0.671), 'held-out', t, formats)).toBe(
      '61.2\u00a0% [55.0,\u00a067.1] of 412 pairs in 12 held-out prompts',
    );
  });

  it('explains an undefined accuracy instead of showing a number', () => {
    expect(formatAccuracy(none, 'held-out', t, formats)).toBe('Undefined: the held-out prompts hold no pairs to rank.');
    expect(formatAccuracy(null, 'held-out', t, formats)).toBe('Not measured.');
  });

  it('says that one prompt gives no interval, in the singular', () => {
    expect(formatAccuracy(one, 'held-out', t, formats)).toBe(
      '100.0\u00a0% of 1 pair in 1 held-out prompt. No interval: 1 prompt cannot show how much it would vary.',
    );
  });
});

describe('before and after', () => {
  it('claims a change only if the intervals do not overlap', () => {
    const low = accuracy(0.5, 0.45, 0.55);
    expect(compareAccuracies(low, accuracy(0.7, 0.65, 0.75), 'held-out', t)).toEqual({
      kind: 'clear',
      sentence: 'Ranking accuracy rose by 20.0 points, and the intervals do not overlap.',
    });
    expect(compareAccuracies(low, accuracy(0.56, 0.5, 0.6), 'held-out', t)).toEqual({
      kind: 'unclear',
      sentence:
        'Ranking accuracy rose by 6.0 points, but the intervals overlap: with 12 held-out prompts this may be chance.',
    });
    expect(compareAccuracies(accuracy(0.7, 0.65, 0.75), low, 'held-out', t).sentence).toContain('fell by 20.0 points');
  });

  it('touching intervals overlap', () => {
    expect(compareAccuracies(accuracy(0.5, 0.4, 0.6), accuracy(0.7, 0.6, 0.8), 'held-out', t).kind).toBe('unclear');
  });

  it('covers no change, an undefined number and a missing interval', () => {
    const same = accuracy(0.5, 0.4, 0.6);
    expect(compareAccuracies(same, same, 'held-out', t).sentence).toBe('Ranking accuracy did not change.');
    expect(compareAccuracies(none, none, 'held-out', t).kind).toBe('undefined');
    expect(compareAccuracies(same, null, 'held-out', t).kind).toBe('undefined');
    expect(compareAccuracies({ ...one, accuracy: 0 }, one, 'held-out', t).sentence).toContain('anecdotal');
  });
});

describe('what the length exponents alone do', () => {
  it('is said where they differ: the larger exponent gives the less negative score', () => {
    expect(exponentNote({ lambdaHuman: 1, lambdaModel: 0.85 }, t)).toContain('lifts human responses');
    expect(exponentNote({ lambdaHuman: 0.5, lambdaModel: 0.85 }, t)).toContain('lifts models’ responses');
    expect(exponentNote({ lambdaHuman: 1, lambdaModel: 1 }, t)).toBeNull();
  });
});
