import type { WeakOrder } from '../tiers';

/** How one response fared against the others on a board: 1 for each that it beats, a half for each tie. */
export interface Contest {
  readonly score: number;
  readonly others: number;
}

function contestOf(order: WeakOrder, response: string): Contest {
  const own = order.get(response)!;
  let score = 0;
  for (const [other, tier] of order) {
    if (other !== response) score += tier > own ? 1 : tier === own ? 0.5 : 0;
  }
  return { score, others: order.size - 1 };
}

/**
 * The response that a board shows first against the others. Boards are shuffled for each annotator, so where nobody minds
 * the order it gets half. Null where it was not placed, or alone.
 * @param shown the responses that were on the board, in its order
 */
export function firstShownContest(order: WeakOrder, shown: readonly string[]): Contest | null {
  const first = shown[0];
  return first === undefined || !order.has(first) || order.size < 2 ? null : contestOf(order, first);
}

/** The longest of the placed responses against the others; null where two are equally long, or only one was placed. */
export function longestContest(order: WeakOrder, lengths: ReadonlyMap<string, number>): Contest | null {
  if (order.size < 2) return null;
  const placed = [...order.keys()].map((id) => ({ id, length: lengths.get(id) ?? 0 }));
  const longest = placed.reduce((one, other) => (other.length > one.length ? other : one));
  const isAlone = placed.every(({ id, length }) => id === longest.id || length < longest.length);
  return isAlone ? contestOf(order, longest.id) : null;
}
