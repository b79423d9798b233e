import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, isTransitive, judgementsOf, responseIds } from './arbitraries.test-support';
import { consensus } from './consensus';
import { pairsOfOrder } from './pairs';
import { isAcyclic, relationOf } from './partial-order';
import type { AnnotatorOrder } from './tiers';

const judge = (annotator: string, order: Record<string, number>): AnnotatorOrder => ({
  annotator,
  order: new Map(Object.entries(order)),
  allBad: false,
});
const words = (pairs: { chosen: string; rejected: string }[]) => pairs.map((pair) => `${pair.chosen}>${pair.rejected}`);

describe('consensus', () => {
  it('of one annotator is that annotator', () => {
    check(
      fc.property(judgementsOf(7), ([first]) => {
        const merged = consensus(responseIds(7), [first!]);
        const own = pairsOfOrder(first!.order).map(({ chosen, rejected, margin }) => `${chosen}>${rejected}:${margin}`);
        expect(merged.pairs.map((p) => `${p.chosen}>${p.rejected}:${p.margin}`).sort()).toEqual(own.sort());
        expect(merged.dropped).toEqual([]);
        expect(new Map([...merged.tiers].sort())).toEqual(new Map([...first!.order].sort()));
        for (const pair of merged.pairs) {
          expect(pair.support).toEqual([first!.annotator]);
          expect(pair.against).toEqual([]);
        }
      }),
    );
  });

  for (const maxAgainst of [0, 1]) {
    it(`is acyclic, transitive and never against its tiers with at most ${maxAgainst} against`, () => {
      check(
        fc.property(judgementsOf(7), (judgements) => {
          const ids = responseIds(7);
          const { pairs, tiers } = consensus(ids, judgements, { quorum: 'majority', maxAgainst });
          const relation = relationOf(
            7,
            pairs.map(({ chosen, rejected }) => ({ better: ids.indexOf(chosen), worse: ids.indexOf(rejected) })),
          );
          expect(isAcyclic(relation)).toBe(true);
          expect(isTransitive(relation)).toBe(true);
          for (const { chosen, rejected, margin, against } of pairs) {
            expect(tiers.get(chosen)!).toBeLessThan(tiers.get(rejected)!);
            expect(margin).toBeGreaterThanOrEqual(1);
            expect(against.length).toBeLessThanOrEqual(maxAgainst);
          }
        }),
      );
    });
  }

  it('accounts for every judged preference, kept or dropped', () => {
    check(
      fc.property(judgementsOf(6), (judgements) => {
        const { pairs, dropped } = consensus(responseIds(6), judgements);
        const said = new Set(
          judgements.flatMap(({ order }) => pairsOfOrder(order).map((p) => [p.chosen, p.rejected].sort().join())),
        );
        const kept = pairs.filter((p) => p.support.length > 0).map((p) => [p.chosen, p.rejected].sort().join());
        const lost = dropped.map((p) => [p.better, p.worse].sort().join());
        for (const pair of said) expect(kept.includes(pair) || lost.includes(pair), pair).toBe(true);
        expect(new Set(lost).size).toBe(lost.length);
      }),
    );
  });

  it('of complete judgements has no cycles, since contradicted pairs are dropped', () => {
    check(
      fc.property(judgementsOf(6, { complete: true }), (judgements) => {
        const reasons = consensus(responseIds(6), judgements).dropped.map(({ reason }) => reason);
        expect(reasons.filter((reason) => reason === 'cycle' || reason === 'conflict')).toEqual([]);
      }),
    );
  });

  it('does not depend on the order of the responses', () => {
    check(
      fc.property(judgementsOf(6), fc.shuffledSubarray(responseIds(6), { minLength: 6 }), (judgements, shuffled) => {
        const one = consensus(responseIds(6), judgements);
        const other = consensus(shuffled, judgements);
        expect(words(other.pairs).sort()).toEqual(words(one.pairs).sort());
        expect(new Map([...other.tiers].sort())).toEqual(new Map([...one.tiers].sort()));
      }),
    );
  });

  it('makes a contradicted pair incomparable and lists its annotators', () => {
    const { pairs, dropped } = consensus(['a', 'b'], [judge('x', { a: 0, b: 1 }), judge('y', { a: 2, b: 1 })]);
    expect(pairs).toEqual([]);
    expect(dropped).toEqual([{ better: 'a', worse: 'b', reason: 'contradicted', support: ['x'], against: ['y'] }]);
  });

  it('requires more than half of those who judged both, including ties', () => {
    const two = consensus(['a', 'b'], [judge('x', { a: 0, b: 1 }), judge('y', { a: 1, b: 1 })]);
    expect(two.pairs).toEqual([]);
    expect(two.dropped.map(({ reason }) => reason)).toEqual(['unsupported']);
    const three = consensus(
      ['a', 'b'],
      [judge('x', { a: 0, b: 1 }), judge('y', { a: 1, b: 1 }), judge('z', { a: 0, b: 3 }), judge('w', { a: 0 })],
    );
    expect(three.pairs).toEqual([{ chosen: 'a', rejected: 'b', margin: 1, support: ['x', 'z'], against: [] }]);
  });

  it('removes every pair of a cycle and keeps what lies outside', () => {
    const { pairs, dropped } = consensus(
      ['a', 'b', 'c', 'd'],
      [judge('x', { a: 0, b: 1 }), judge('y', { b: 0, c: 1 }), judge('z', { c: 0, a: 1 }), judge('w', { a: 0, d: 1 })],
    );
    expect(words(pairs)).toEqual(['a>d']);
    expect(dropped.map(({ better, worse, reason }) => `${better}>${worse} ${reason}`).sort()).toEqual([
      'a>b cycle',
      'b>c cycle',
      'c>a cycle',
    ]);
  });

  it('does not let transitivity bring back a contradicted preference', () => {
    const { pairs, dropped } = consensus(
      ['a', 'b', 'c', 'd'],
      [
        judge('x', { a: 0, b: 1 }),
        judge('y', { b: 0, c: 1 }),
        judge('z', { c: 0, a: 1 }),
        judge('v', { a: 0, c: 1 }),
        judge('w', { c: 0, d: 1 }),
      ],
    );
    expect(words(pairs)).toEqual(['c>d']);
    expect(dropped.map(({ better, worse, reason }) => `${better}>${worse} ${reason}`).sort()).toEqual([
      'a>b conflict',
      'a>c contradicted',
      'b>c conflict',
    ]);
  });

  it('implies what follows, with an empty ledger and the distance of the levels', () => {
    const { pairs, tiers } = consensus(
      ['a', 'b', 'c'],
      [judge('x', { a: 0, b: 3 }), judge('y', { b: 0, c: 1 })],
      undefined,
      4,
    );
    expect(pairs).toContainEqual({ chosen: 'a', rejected: 'c', margin: 2, support: [], against: [] });
    expect([...tiers]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
  });
});
