import type { PlacementState } from '@/trainer/contract/judgement';

/**
 * Response id -> tier, 0 = best. Absent responses were not judged (or could not be) and are incomparable to the others;
 * equal tiers are ties.
 */
export type WeakOrder = ReadonlyMap<string, number>;

/** One annotator's judgement of one prompt. */
export interface AnnotatorOrder {
  annotator: string;
  order: WeakOrder;
  /** No response is acceptable: the order still counts, but there is no SFT target. */
  allBad: boolean;
}

/**
 * The weak order of the placed responses; 'cannot judge' and 'not judged' say nothing about quality. Ids may be
 * internal or
 * external.
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

/** The non-empty tiers, best first, each with its responses in the order's own sequence. */
export function tierGroups(order: WeakOrder): { tier: number; responseIds: string[] }[] {
  const groups = new Map<number, string[]>();
  for (const [responseId, tier] of order) {
    const group = groups.get(tier);
    if (group) group.push(responseId);
    else groups.set(tier, [responseId]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([tier, responseIds]) => ({ tier, responseIds }));
}
