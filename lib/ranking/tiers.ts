import type { PlacementState } from '@/trainer/contract/judgement';

/**
 * Response id -> tier, 0 = best. Absent responses were not judged (or could not be) and are incomparable to the others;
 * equal tiers are ties.
 */
export type WeakOrder = ReadonlyMap<string, number>;

/** One annotator's order of one prompt's responses. */
export interface JudgedOrder {
  annotator: string;
  order: WeakOrder;
}

/** One annotator's judgement of one prompt. */
export interface AnnotatorOrder extends JudgedOrder {
  /** No response is acceptable: the order still counts, but there is no SFT target. */
  allBad: boolean;
}

/**
 * The weak order of the placed responses; 'cannot judge' and 'not judged' say nothing about quality. Ids may be
 * internal or external.
 */
export function weakOrder(
  placements: readonly { responseId: string; state: PlacementState; tier: number | null }[],
): WeakOrder {
  const order = new Map<string, number>();
  for (const { responseId, state, tier } of placements) {
    if (state === 'placed' && tier !== null) order.set(responseId, tier);
  }
  return order;
}
