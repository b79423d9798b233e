import type { GoldComparison, GoldPair } from '../schemas/gold';
import type { WeakOrder } from './tiers';

/** Compares partial orders and not tiers, so that using tiers that are one lower throughout still agrees. */
export function compareWithGold(expected: WeakOrder, given: WeakOrder): GoldComparison {
  const both = [...expected.keys()].filter((id) => given.has(id));
  const pairs = both.flatMap((a, i) =>
    both.slice(i + 1).map((b): GoldPair => ({ a, b, verdict: verdict(sign(expected, a, b), sign(given, a, b)) })),
  );
  const agreed = pairs.filter((pair) => pair.verdict === 'agreed').length;
  return { pairs, share: pairs.length === 0 ? null : agreed / pairs.length };
}

const sign = (order: WeakOrder, a: string, b: string) => Math.sign(order.get(a)! - order.get(b)!);

function verdict(expected: number, given: number): GoldPair['verdict'] {
  if (expected === given) return 'agreed';
  return expected === 0 || given === 0 ? 'tied' : 'contradicted';
}
