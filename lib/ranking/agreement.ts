import type { WeakOrder } from './tiers';

/** A coefficient between -1 and 1, or null with the reason where it is undefined. */
export type Agreement = { value: number; items: number } | { value: null; items: number; reason: string };

/**
 * Emond and Mason's tau_x over the responses that both placed. It treats a tie as a statement ("as good as"), so it is
 * defined for orders with ties, even when everything is tied.
 */
export function tauX(a: WeakOrder, b: WeakOrder): Agreement {
  const [x, y] = common(a, b);
  const n = x.length;
  if (n < 2) return { value: null, items: n, reason: fewerThanTwo };
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j) sum += (x[i]! <= x[j]! ? 1 : -1) * (y[i]! <= y[j]! ? 1 : -1);
    }
  }
  return { value: sum / (n * (n - 1)), items: n };
}

/**
 * Kendall's tau_b: pairs that either annotator tied are not in the denominator; undefined when one of them tied
 * everything.
 */
export function tauB(a: WeakOrder, b: WeakOrder): Agreement {
  const [x, y] = common(a, b);
  const n = x.length;
  if (n < 2) return { value: null, items: n, reason: fewerThanTwo };
  let [sum, untiedX, untiedY] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const [signX, signY] = [Math.sign(x[i]! - x[j]!), Math.sign(y[i]! - y[j]!)];
      sum += signX * signY;
      untiedX += Math.abs(signX);
      untiedY += Math.abs(signY);
    }
  }
  if (untiedX === 0 || untiedY === 0) {
    return { value: null, items: n, reason: 'one annotator put every response in the same tier' };
  }
  return { value: sum / Math.sqrt(untiedX * untiedY), items: n };
}

const fewerThanTwo = 'fewer than two responses were placed by both annotators';

function common(a: WeakOrder, b: WeakOrder): [number[], number[]] {
  const shared = [...a.keys()].filter((id) => b.has(id));
  return [shared.map((id) => a.get(id)!), shared.map((id) => b.get(id)!)];
}
