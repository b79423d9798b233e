import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair, SnapshotRecord } from '@/trainer/contract/record';
import { SourceBalance } from './source-balance';

type Named = readonly [winner: string, loser: string];

const recordOf = (id: string, pairs: readonly Named[]): SnapshotRecord => {
  const names = [...new Set(pairs.flat())];
  const pair = ([chosen, rejected]: Named) => ({ chosen, rejected, margin: 1, support: [], against: [] });
  return {
    id,
    prompt: [{ role: 'user', content: 'x' }],
    // The source is what stands before the number.
    responses: names.map((name) => ({ id: name, text: name, source: name.replace(/\d/g, '') })),
    pairs: pairs.map(pair),
  } as unknown as SnapshotRecord;
};
const balanced = (records: readonly SnapshotRecord[], { seed = 1, winsPerLoss = 1 } = {}) => {
  const balance = new SourceBalance(seed, winsPerLoss);
  for (const record of records) balance.count(record);
  balance.settle();
  return records.map((record) => balance.select(record));
};
const tally = (kept: readonly Pair[][]) => {
  const wins = new Map<string, number>();
  for (const { chosen, rejected } of kept.flat()) {
    const key = `${chosen.replace(/\d/g, '')}>${rejected.replace(/\d/g, '')}`;
    wins.set(key, (wins.get(key) ?? 0) + 1);
  }
  return wins;
};

const pairs = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), { maxLength: 12 })
  .map((all) => all.map(([winner, loser], i): Named => [`${winner}${2 * i}`, `${loser}${2 * i + 1}`]));
const snapshots = fc.array(pairs, { maxLength: 8 }).map((all) => all.map((one, i) => recordOf(`p${i}`, one)));

describe('sources in balance', () => {
  it('win no more than so many times as often as they lose to each other, and as often as that allows', () => {
    fc.assert(
      fc.property(snapshots, fc.integer({ min: 1, max: 3 }), (records, winsPerLoss) => {
        const before = tally(records.map(({ pairs: all }) => all));
        const after = tally(balanced(records, { winsPerLoss }));
        for (const [key, wins] of before) {
          const [winner, loser] = key.split('>') as [string, string];
          const most = winner === loser ? wins : Math.min(wins, winsPerLoss * (before.get(`${loser}>${winner}`) ?? 0));
          expect(after.get(key) ?? 0).toBe(most);
        }
      }),
    );
  });

  it('keep the pairs that the seed draws, whatever the order of prompts', () => {
    const records = Array.from({ length: 40 }, (_, i) =>
      recordOf(`p${i}`, [i % 4 === 0 ? ['b1', 'a1'] : ['a1', 'b1']]),
    );
    const kept = (seed: number, all = records) =>
      all.flatMap(({ id }, i) => (balanced(all, { seed })[i]!.length > 0 ? [id as string] : [])).sort();
    expect(kept(1)).toHaveLength(20);
    expect(kept(1, [...records].reverse())).toEqual(kept(1));
    expect(kept(2)).not.toEqual(kept(1));
  });
});
