import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import { compareWithGold } from '@/lib/ranking/gold';
import { goldWords } from './gold-words';

const words = (expected: Record<string, number>, given: Record<string, number>) =>
  goldWords(
    compareWithGold(new Map(Object.entries(expected)), new Map(Object.entries(given))),
    translatorFor('annotate'),
  );

describe('goldWords', () => {
  it('says what agrees, what is reversed and what is tied', () => {
    expect(words({ a: 0, b: 1 }, { a: 2, b: 3 })).toBe('All pairs are ordered as expected.');
    expect(words({ a: 0, b: 1, c: 2 }, { a: 1, b: 1, c: 0 })).toBe(
      '0 of 3 pairs as expected. 2 reversed. 1 tied in one answer and ordered in the other.',
    );
  });

  it('says that nothing can be compared', () => {
    expect(words({ a: 0, b: 1 }, { a: 0 })).toMatch(/^Nothing to compare/);
  });
});
