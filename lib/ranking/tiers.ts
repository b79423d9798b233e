import type { PlacementState } from '@/trainer/contract/judgement';

/**
 * Response id -> tier, 0 = best. Responses that are absent were not judged (or could not be) and stand in no
 * relation to the others; equal tiers are ties.
 */
export type WeakOrder = ReadonlyMap<string, number>;

/** One annotator's judgement of one prompt. */
export interface AnnotatorOrder {
  annotator: string;
  order: WeakOrder;
  /** No response is acceptable: the order still counts, but nothing here is worth imitating. */
  allBad: boolean;
}

/**
 * Only placed responses are ordered: 'cannot judge' and 'not judged' say nothing about quality. The responses may go by
 * either of their names.
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
