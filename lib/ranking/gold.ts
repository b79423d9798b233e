import type { WeakOrder } from './tiers';

/** agreed: the same order, or both tied; contradicted: the opposite; tied: one tied what the other ordered. */
export type GoldVerdict = 'agreed' | 'contradicted' | 'tied';
export interface GoldPair {
  a: string;
  b: string;
  verdict: GoldVerdict;
}
/** Pairs of responses that both placed. `share` of them agreed; null where there is no such pair. */
export interface GoldComparison {
  pairs: GoldPair[];
  share: number | null;
}

/** Compares partial orders, not tiers: who uses the tiers one lower throughout agrees. */
export function compareWithGold(expected: WeakOrder, given: WeakOrder): GoldComparison {
  const both = [...expected.keys()].filter((id) => given.has(id));
  const pairs = both.flatMap((a, i) =>
    both.slice(i + 1).map((b): GoldPair => ({ a, b, verdict: verdict(sign(expected, a, b), sign(given, a, b)) })),
  );
  const agreed = pairs.filter((pair) => pair.verdict === 'agreed').length;
  return { pairs, share: pairs.length === 0 ? null : agreed / pairs.length };
}

const sign = (order: WeakOrder, a: string, b: string) => Math.sign(order.get(a)! - order.get(b)!);

function verdict(expected: number, given: number): GoldVerdict {
  if (expected === given) return 'agreed';
  return expected === 0 || given === 0 ? 'tied' : 'contradicted';
}
