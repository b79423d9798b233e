import { describe, expect, it } from 'vitest';
import type { SnapshotHeader } from '@/lib/schemas/snapshot';
import { droppedReasons } from './dropped-reasons';

const header = (dropped: unknown, sum = 7) =>
  ({ filters: { dropped }, counts: { dropped_pairs: sum } }) as unknown as SnapshotHeader;

describe('droppedReasons', () => {
  it('lists each reason with dropped pairs, in a fixed order', () => {
    expect(droppedReasons(header({ cycle: 2, contradicted: 5, unsupported: 0 }))).toEqual([
      { reason: 'contradicted', count: 5 },
      { reason: 'cycle', count: 2 },
    ]);
  });

  it.each([
    ['none is told', undefined],
    ['what is told is no record', [1, 2]],
    ['only unknown reasons are told', { whim: 3 }],
    ['counts are no numbers', { cycle: 'many' }],
  ])('is the sum where %s, as in imported snapshots', (_, dropped) => {
    expect(droppedReasons(header(dropped))).toEqual([{ reason: 'any', count: 7 }]);
  });
});
