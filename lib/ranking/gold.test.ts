import { describe, expect, it } from 'vitest';
import { compareWithGold } from './gold';
import { goldTurns } from './gold-turns';

const order = (tiers: Record<string, number>) => new Map(Object.entries(tiers));
const verdicts = (expected: Record<string, number>, given: Record<string, number>) =>
  compareWithGold(order(expected), order(given)).pairs.map(({ a, b, verdict }) => `${a}${b} ${verdict}`);

describe('compareWithGold', () => {
  it('tells agreed, contradicted and tied pairs apart', () => {
    expect(verdicts({ a: 0, b: 1, c: 2, d: 2 }, { a: 0, b: 0, c: 3, d: 2 })).toEqual([
      'ab tied',
      'ac agreed',
      'ad agreed',
      'bc agreed',
      'bd agreed',
      'cd tied',
    ]);
    expect(verdicts({ a: 0, b: 1 }, { a: 1, b: 0 })).toEqual(['ab contradicted']);
  });

  it('compares orders, not tiers', () => {
    expect(compareWithGold(order({ a: 0, b: 1 }), order({ a: 2, b: 3 })).share).toBe(1);
  });

  it('is undefined without two responses that both placed', () => {
    expect(compareWithGold(order({ a: 0, b: 1 }), order({ a: 0, c: 1 })).share).toBeNull();
  });
});

describe('goldTurns', () => {
  const turns = (
    plan: { warmUp: number; every: number },
    seen = { gold: 0, others: 0 },
    have = { gold: 9, others: 9 },
  ) =>
    goldTurns(plan, seen, have, 8)
      .map((gold) => (gold ? 'G' : '.'))
      .join('');

  it('begins with the warm-up', () => expect(turns({ warmUp: 2, every: 0 })).toBe('GG......'));
  it('puts one after every n others', () => expect(turns({ warmUp: 1, every: 2 })).toBe('G..G..G.'));
  it('continues from the annotator’s position', () => {
    expect(turns({ warmUp: 1, every: 2 }, { gold: 1, others: 1 })).toBe('.G..G..G');
    expect(turns({ warmUp: 3, every: 0 }, { gold: 2, others: 0 })).toBe('G.......');
  });
  it('begins the count of others after a warm-up that came late', () => {
    expect(turns({ warmUp: 1, every: 3 }, { gold: 0, others: 5 })).toBe('GG.G...G');
  });
  it('leaves gold prompts that have no turn for the end', () => {
    expect(turns({ warmUp: 0, every: 0 }, { gold: 0, others: 0 }, { gold: 2, others: 3 })).toBe('...GG');
    expect(turns({ warmUp: 5, every: 0 }, { gold: 0, others: 0 }, { gold: 1, others: 2 })).toBe('G..');
  });
});
