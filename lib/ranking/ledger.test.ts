import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, judgementsOf, responseIds } from './arbitraries.test-support';
import { consensus } from './consensus';
import { ledgerOf } from './ledger';
import type { AnnotatorOrder } from './tiers';

const judge = (annotator: string, order: Record<string, number>): AnnotatorOrder => ({
  annotator,
  order: new Map(Object.entries(order)),
  allBad: false,
});

describe('the ledger', () => {
  it('tells what became of every pair, and who says what', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const judgements = [
      judge('ann', { a: 0, b: 1, c: 1, d: 2 }),
      judge('ben', { a: 0, b: 2, c: 2 }),
      judge('cyd', { d: 2, b: 1, e: 0, a: 1 }),
    ];
    expect(ledgerOf(ids, judgements, consensus(ids, judgements))).toEqual([
      { better: 'a', worse: 'b', outcome: 'kept', margin: 1, support: ['ann', 'ben'], against: [], tied: ['cyd'] },
      { better: 'a', worse: 'c', outcome: 'kept', margin: 1, support: ['ann', 'ben'], against: [], tied: [] },
      { better: 'a', worse: 'd', outcome: 'kept', margin: 1, support: ['ann', 'cyd'], against: [], tied: [] },
      { better: 'e', worse: 'a', outcome: 'kept', margin: 1, support: ['cyd'], against: [], tied: [] },
      { better: 'b', worse: 'c', outcome: 'tied', margin: null, support: [], against: [], tied: ['ann', 'ben'] },
      { better: 'b', worse: 'd', outcome: 'kept', margin: 1, support: ['ann', 'cyd'], against: [], tied: [] },
      { better: 'e', worse: 'b', outcome: 'kept', margin: 1, support: ['cyd'], against: [], tied: [] },
      { better: 'c', worse: 'd', outcome: 'kept', margin: 1, support: ['ann'], against: [], tied: [] },
      { better: 'e', worse: 'c', outcome: 'implied', margin: 2, support: [], against: [], tied: [] },
      { better: 'e', worse: 'd', outcome: 'kept', margin: 2, support: ['cyd'], against: [], tied: [] },
    ]);
  });

  it('has every pair that is kept or dropped once, and every vote', () => {
    check(
      fc.property(judgementsOf(5), fc.integer({ min: 0, max: 1 }), (judgements, maxAgainst) => {
        const merged = consensus(responseIds(5), judgements, { quorum: 'majority', maxAgainst });
        const rows = ledgerOf(responseIds(5), judgements, merged);
        const inConsensus = rows.filter(({ margin }) => margin !== null);
        expect(inConsensus.map(({ better, worse }) => `${better}>${worse}`).sort()).toEqual(
          merged.pairs.map(({ chosen, rejected }) => `${chosen}>${rejected}`).sort(),
        );
        const unordered = (a: string, b: string) => [a, b].sort().join();
        const seen = rows.map(({ better, worse }) => unordered(better, worse));
        expect(new Set(seen).size).toBe(seen.length);
        for (const { better, worse, reason } of merged.dropped) {
          const row = rows.find((one) => unordered(one.better, one.worse) === unordered(better, worse))!;
          expect(row.outcome).toBe(row.margin === null ? reason : 'implied');
        }
        const votes = rows.reduce(
          (sum, { support, against, tied }) => sum + support.length + against.length + tied.length,
          0,
        );
        const judged = judgements.reduce((sum, { order }) => sum + (order.size * (order.size - 1)) / 2, 0);
        expect(votes).toBe(judged);
      }),
    );
  });
});
