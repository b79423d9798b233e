/**
 * Kemeny's median order with ties: the weak order with the highest mean tau_x to the annotators' (Emond and Mason), which is
 * the one at the least Kemeny distance. Of two responses it gains, for every annotator who placed both, 1 where it says the
 * same, -1 where it says the opposite and 0 where only one of the two ties them.
 */
import { message } from '@/trainer/contract/message';
import { ratio, type Statistic } from './statistic';
import type { JudgedOrder } from './tiers';

/** Up to so many responses every weak order is considered; each one more takes three times as long. */
export const EXACT_RESPONSES = 12;

export interface MedianOrder {
  /** Response -> level, 0 = best, for every response that anybody placed. */
  readonly levels: ReadonlyMap<string, number>;
  /** The mean tau_x over pairs that somebody judged; of complete judgements, over annotators. */
  readonly tauX: Statistic;
  /** False where there were too many responses to consider every order: a better one may exist. */
  readonly exact: boolean;
  /** How many orders are equally good, this one included; null where not every order was considered. */
  readonly equallyGood: number | null;
}

/** Of several best orders the one that ties most, since it claims least; then the first by import order. */
export function kemeny(
  responseIds: readonly string[],
  judgements: readonly Pick<JudgedOrder, 'order'>[],
  exactResponses = EXACT_RESPONSES,
): MedianOrder {
  const ids = responseIds.filter((id) => judgements.some(({ order }) => order.has(id)));
  const gains = gainsOf(ids, judgements);
  const exact = ids.length <= exactResponses;
  const found: { levels: number[]; count?: number } = exact
    ? bestOrder(gains)
    : improvedOrder(gains, startsOf(ids, judgements, gains));
  return {
    levels: new Map(ids.map((id, i) => [id, found.levels[i]!])),
    tauX: ratio(gainOf(gains, found.levels), gains.judged, message('fewerThanTwoPlacedByOne')),
    exact,
    equallyGood: found.count ?? null,
  };
}

interface Gains {
  readonly size: number;
  /** `above[i][j]`: what i over j gains; the negative of j over i. */
  readonly above: readonly (readonly number[])[];
  readonly tied: readonly (readonly number[])[];
  /** Pairs that were judged, once for each annotator. */
  readonly judged: number;
}

function gainsOf(ids: readonly string[], judgements: readonly Pick<JudgedOrder, 'order'>[]): Gains {
  const above = ids.map(() => ids.map(() => 0));
  const tied = ids.map(() => ids.map(() => 0));
  let judged = 0;
  for (const { order } of judgements) {
    const tiers = ids.map((id) => order.get(id));
    for (let i = 0; i < ids.length; i++) {
      for (let j = i + 1; j < ids.length; j++) {
        const [a, b] = [tiers[i], tiers[j]];
        if (a === undefined || b === undefined) continue;
        judged++;
        above[i]![j]! += Math.sign(b - a);
        above[j]![i]! += Math.sign(a - b);
        if (a === b) {
          tied[i]![j]!++;
          tied[j]![i]!++;
        }
      }
    }
  }
  return { size: ids.length, above, tied, judged };
}

function gainOf({ size, above, tied }: Gains, levels: readonly number[]): number {
  let gain = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      if (levels[i] === levels[j]) gain += tied[i]![j]!;
      else gain += levels[i]! < levels[j]! ? above[i]![j]! : above[j]![i]!;
    }
  }
  return gain;
}

/**
 * By dynamic programming over sets of responses, as bits: the best order of a set is a best tier, and the best order of
 * what is left. 3^n steps in place of the number of weak orders.
 */
function bestOrder({ size, above, tied }: Gains): { levels: number[]; count: number } {
  const sets = 1 << size;
  const tiedIn = new Float64Array(sets);
  const pairsIn = new Float64Array(sets);
  /** `overSet[i][set]`: what response i over all of the set gains. */
  const overSet = above.map((row) => {
    const sums = new Float64Array(sets);
    for (let set = 1; set < sets; set++) sums[set] = sums[set & (set - 1)]! + row[lowest(set)]!;
    return sums;
  });
  for (let set = 1; set < sets; set++) {
    const rest = set & (set - 1);
    let [gain, pairs] = [tiedIn[rest]!, pairsIn[rest]!];
    for (let left = rest; left !== 0; left &= left - 1, pairs++) gain += tied[lowest(set)]![lowest(left)]!;
    [tiedIn[set], pairsIn[set]] = [gain, pairs];
  }
  const best = new Float64Array(sets);
  const ties = new Float64Array(sets);
  const count = new Float64Array(sets).fill(0);
  const firstTier = new Int32Array(sets);
  count[0] = 1;
  for (let set = 1; set < sets; set++) {
    best[set] = Number.NEGATIVE_INFINITY;
    for (let tier = set; tier !== 0; tier = (tier - 1) & set) {
      const rest = set ^ tier;
      let gain = tiedIn[tier]! + best[rest]!;
      for (let left = tier; left !== 0; left &= left - 1) gain += overSet[lowest(left)]![rest]!;
      if (gain < best[set]!) continue;
      const tiedPairs = pairsIn[tier]! + ties[rest]!;
      const isBetter = gain > best[set]!;
      count[set] = count[rest]! + (isBetter ? 0 : count[set]!);
      if (isBetter || tiedPairs > ties[set]!) [best[set], ties[set], firstTier[set]] = [gain, tiedPairs, tier];
    }
  }
  const levels = new Array<number>(size).fill(0);
  for (let set = sets - 1, level = 0; set !== 0; set ^= firstTier[set]!, level++) {
    for (let left = firstTier[set]!; left !== 0; left &= left - 1) levels[lowest(left)] = level;
  }
  return { levels, count: count[sets - 1]! };
}

const lowest = (set: number): number => 31 - Math.clz32(set & -set);

/** Where the search for a good order begins: at everybody's own, and at the order of won pairs less lost ones. */
function startsOf(
  ids: readonly string[],
  judgements: readonly Pick<JudgedOrder, 'order'>[],
  { above }: Gains,
): number[][] {
  const net = above.map((row) => -row.reduce((sum, gain) => sum + gain, 0));
  const own = judgements.map(({ order }) => ids.map((id) => order.get(id) ?? Number.MAX_SAFE_INTEGER));
  return [net, ...own].map(levelled);
}

/** The same order with levels 0, 1, 2 and so on. */
function levelled(levels: readonly number[]): number[] {
  const used = [...new Set(levels)].sort((a, b) => a - b);
  return levels.map((level) => used.indexOf(level));
}

/** From each start moves single responses, to a tier or between two, as long as that gains; the best that is reached. */
function improvedOrder(gains: Gains, starts: readonly number[][]): { levels: number[] } {
  const reached = starts.map((start) => {
    let levels = start;
    for (let improved = true; improved; ) {
      improved = false;
      for (let i = 0; i < gains.size; i++) {
        // Even places are tiers, odd ones lie between them.
        const places = Array.from({ length: 2 * gains.size + 1 }, (_, place) => place - 1);
        for (const place of places) {
          const moved = levelled(levels.map((level, j) => (j === i ? place : 2 * level)));
          if (gainOf(gains, moved) <= gainOf(gains, levels)) continue;
          levels = moved;
          improved = true;
        }
      }
    }
    return { levels, gain: gainOf(gains, levels) };
  });
  return reached.reduce((best, one) => (one.gain > best.gain ? one : best));
}
