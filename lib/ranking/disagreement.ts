import type { WeakOrder } from './tiers';

/**
 * The share of compared pairs on which two annotators differ, over all pairs of annotators: one says better, the other
 * worse or tied. Null where no two of them have judged the same two responses.
 */
export function disagreement(orders: readonly WeakOrder[]): number | null {
  let [compared, differing] = [0, 0];
  for (const [i, one] of orders.entries()) {
    for (const other of orders.slice(i + 1)) {
      const shared = [...one.keys()].filter((id) => other.has(id));
      for (const [j, a] of shared.entries()) {
        for (const b of shared.slice(j + 1)) {
          compared++;
          if (Math.sign(one.get(a)! - one.get(b)!) !== Math.sign(other.get(a)! - other.get(b)!)) differing++;
        }
      }
    }
  }
  return compared === 0 ? null : differing / compared;
}
