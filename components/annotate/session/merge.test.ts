import { describe, expect, it } from 'vitest';
import { translatorFor } from '@/lib/i18n/testing-translator';
import type { Placement } from '@/trainer/contract/judgement';
import { compareJudgements, mergeWords } from './merge';

const t = translatorFor('annotate');
const judgement = (tiers: Record<string, number>, allBad = false) => ({
  allBad,
  placements: Object.entries(tiers).map(([responseId, tier]): Placement => ({ responseId, state: 'placed', tier })),
});

describe('compareJudgements', () => {
  it('lists every response in the order of the board and marks what differs', () => {
    const compared = compareJudgements(['a', 'b', 'c'], judgement({ a: 0, b: 1 }), judgement({ b: 1, a: 2 }));
    expect(compared.rows).toEqual([
      { responseId: 'a', mine: 0, stored: 2, differs: true },
      { responseId: 'b', mine: 1, stored: 1, differs: false },
      { responseId: 'c', mine: null, stored: null, differs: false },
    ]);
    expect(mergeWords(compared, t)).toBe('1 of 3 responses is placed differently.');
  });

  it('says it when nothing differs, or only the verdict on all', () => {
    expect(mergeWords(compareJudgements(['a'], judgement({ a: 0 }), judgement({ a: 0 })), t)).toBe(
      'Both versions are the same.',
    );
    const verdict = compareJudgements(['a'], judgement({ a: 0 }, true), judgement({ a: 0 }));
    expect(mergeWords(verdict, t)).toMatch(/^Only “All are bad” differs/);
  });
});
