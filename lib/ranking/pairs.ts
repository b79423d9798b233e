import type { Pair } from '@/trainer/contract/record';
import type { WeakOrder } from './tiers';

/** chosen is strictly better than rejected, by margin tiers (at least 1). */
export type OrderedPair = Pick<Pair, 'chosen' | 'rejected' | 'margin'>;

/** All strictly ordered pairs of a weak order, which are the sum over i<j of n_i * n_j; ties give none. */
export function pairsOfOrder(order: WeakOrder): OrderedPair[] {
  const entries = [...order];
  return entries.flatMap(([chosen, better]) =>
    entries.flatMap(([rejected, worse]) => (worse > better ? [{ chosen, rejected, margin: worse - better }] : [])),
  );
}
