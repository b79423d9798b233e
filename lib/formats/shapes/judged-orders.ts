/** What a file's judgements of one prompt say, as whole orders: an annotation is one. */
import type { RowJudgement } from './shape';

export interface JudgedLevels {
  annotator: string;
  /** The level of each response that was judged, 0 the best; equal levels are ties. */
  levels: (readonly [response: number, level: number])[];
  levelCount: number;
  allBad: boolean;
}

type Levels = ReadonlyMap<number, number>;

/**
 * One order for each annotator. Judgements by the same one become one order where together they say how any two of the
 * responses compare (better, worse or tied), one after the other: A over B and B over C. Those that do not fit, since they
 * contradict it or leave open how responses compare (A over B and A over C say nothing of B and C), are the orders of
 * "NAME (2)", "NAME (3)" and so on: so nothing that was said is lost, and nothing is said that was not.
 */
export function ordersOf(judgements: readonly RowJudgement[]): JudgedLevels[] {
  const byAnnotator = new Map<string, { levels: Levels; allBad: boolean }[]>();
  for (const { annotator, scores, allBad = false } of judgements) {
    if (scores.length < 2) continue;
    const orders = byAnnotator.get(annotator) ?? [];
    byAnnotator.set(annotator, orders);
    orders.push({ levels: levelsOf(new Map(scores)), allBad });
  }
  return [...byAnnotator].flatMap(([annotator, orders]) =>
    joined(orders).map(({ levels, allBad }, i) => ({
      annotator: i === 0 ? annotator : `${annotator} (${i + 1})`,
      levels: [...levels],
      levelCount: Math.max(...levels.values()) + 1,
      allBad,
    })),
  );
}

/** Level 0 for the highest score. */
function levelsOf(scores: ReadonlyMap<number, number>): Levels {
  const distinct = [...new Set(scores.values())].sort((a, b) => b - a);
  const levels = new Map(distinct.map((score, level) => [score, level]));
  return new Map([...scores].map(([response, score]) => [response, levels.get(score)!]));
}

/** Joins orders for as long as two of them make one. */
function joined<Order extends { levels: Levels; allBad: boolean }>(orders: readonly Order[]): Order[] {
  const left = [...orders];
  for (let i = 0; i < left.length; i++) {
    for (let j = i + 1; j < left.length; ) {
      const levels = left[i]!.allBad === left[j]!.allBad ? union(left[i]!.levels, left[j]!.levels) : null;
      if (!levels) {
        j++;
        continue;
      }
      left[i] = { ...left[i]!, levels };
      left.splice(j, 1);
      // What did not fit before may fit what there is now.
      j = i + 1;
    }
  }
  return left;
}

/** The order that follows from both; null where they contradict each other or leave open how two responses compare. */
function union(a: Levels, b: Levels): Levels | null {
  const all = [...new Set([...a.keys(), ...b.keys()])];
  /** Whether x is at least as good as y, by one of the two or by what follows from them. */
  const least = all.map((x) => all.map((y) => x === y || isAtLeast(a, x, y) || isAtLeast(b, x, y)));
  for (const k of all.keys()) {
    for (const i of all.keys()) {
      for (const j of all.keys()) least[i]![j] ||= least[i]![k]! && least[k]![j]!;
    }
  }
  for (const i of all.keys()) {
    for (const j of all.keys()) {
      if (!least[i]![j] && !least[j]![i]) return null;
      // Who is said to be better and is also at least as bad is in a circle.
      const isBetterBySome = [a, b].some((one) => isBetter(one, all[i]!, all[j]!));
      if (isBetterBySome && least[j]![i]) return null;
    }
  }
  // As good as all that are not better than it: the fewer are better, the higher.
  const betterThan = all.map((_, j) => all.filter((_, i) => least[i]![j] && !least[j]![i]).length);
  return levelsOf(new Map(all.map((response, i) => [response, -betterThan[i]!])));
}

const isAtLeast = (levels: Levels, x: number, y: number) =>
  levels.has(x) && levels.has(y) && levels.get(x)! <= levels.get(y)!;
const isBetter = (levels: Levels, x: number, y: number) =>
  levels.has(x) && levels.has(y) && levels.get(x)! < levels.get(y)!;
