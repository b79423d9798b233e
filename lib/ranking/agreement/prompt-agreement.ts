import type { JudgedOrder } from '../tiers';
import { kendallsW } from './kendalls-w';
import { addUnit } from './krippendorff';
import { pairCounts, tauB, tauX } from './pair-counts';
import { at, coincidencesIn, emptySums, type Sums } from './sums';

/** One annotator's order of a prompt's responses; gold and versions that are not in force are left out by the caller. */
export interface TimedOrder extends JudgedOrder {
  /** When it was made, in milliseconds. */
  readonly at?: number;
}

/** What a prompt adds to the figures of its project; JSON keeps it. */
export interface PromptAgreement {
  /** Those who judged it, sorted. */
  readonly annotators: readonly string[];
  /** Over all comparisons; alpha's coincidences and W over all annotators at once. */
  readonly sums: readonly number[];
  /** Two annotators, by their numbers, of whom the first comes before the second. */
  readonly comparisons: readonly (readonly [first: number, second: number, sums: readonly number[]])[];
  /** When the last of its judgements was made. */
  readonly at: number | null;
}

const GAP = -1;

/**
 * Compares everybody who judged a prompt. Of two annotators the responses count that both placed: "can't judge" and not
 * judged are gaps, never ties. Alpha counts each response that two or more placed, W those that everybody placed.
 * @param tierCount tiers of the project; a tier beyond them is counted as the last
 */
export function promptAgreement(judgements: readonly TimedOrder[], tierCount: number): PromptAgreement {
  const sorted = [...judgements].sort((a, b) => (a.annotator < b.annotator ? -1 : 1));
  const ids = [...new Set(sorted.flatMap(({ order }) => [...order.keys()]))];
  const rows = sorted.map(({ order }) => Int8Array.from(ids, (id) => Math.min(order.get(id) ?? GAP, tierCount - 1)));
  const sums = emptySums(tierCount);
  const comparisons: [number, number, number[]][] = [];
  for (let i = 0; i < rows.length; i++) {
    for (let j = i + 1; j < rows.length; j++) {
      const compared = comparisonSums(rows[i]!, rows[j]!, tierCount);
      if (compared[at.responses] === 0) continue;
      comparisons.push([i, j, [...compared]]);
      for (let field = 0; field < at.concordances; field++) sums[field]! += compared[field]!;
    }
  }
  addCoincidences(sums, rows, tierCount);
  addConcordance(sums, rows);
  const times = judgements.flatMap((judgement) => judgement.at ?? []);
  return {
    annotators: sorted.map(({ annotator }) => annotator),
    sums: [...sums],
    comparisons,
    at: times.length === 0 ? null : times.reduce((latest, time) => Math.max(latest, time)),
  };
}

function comparisonSums(first: Int8Array, second: Int8Array, tierCount: number): Sums {
  const sums = emptySums(tierCount);
  const [a, b]: [number[], number[]] = [[], []];
  for (let i = 0; i < first.length; i++) {
    if (first[i] === GAP || second[i] === GAP) continue;
    a.push(first[i]!);
    b.push(second[i]!);
    if (first[i] === second[i]) sums[at.sameTier]!++;
  }
  const counts = pairCounts(a, b);
  const [x, y] = [tauX(counts).value, tauB(counts).value];
  if (x !== null) [sums[at.comparisons], sums[at.tauX]] = [1, x];
  if (y !== null) [sums[at.tauBComparisons], sums[at.tauB]] = [1, y];
  sums[at.same] = counts.same;
  sums[at.opposed] = counts.opposed;
  sums[at.tiedByFirst] = counts.tiedByFirst;
  sums[at.tiedBySecond] = counts.tiedBySecond;
  sums[at.tied] = counts.tied;
  sums[at.responses] = a.length;
  addCoincidences(sums, [first, second], tierCount);
  return sums;
}

function addCoincidences(sums: Sums, rows: readonly Int8Array[], tierCount: number): void {
  const coincidences = coincidencesIn(sums);
  const chosen = new Array<number>(tierCount);
  for (let i = 0; i < (rows[0]?.length ?? 0); i++) {
    chosen.fill(0);
    for (const row of rows) if (row[i] !== GAP) chosen[row[i]!]!++;
    addUnit(coincidences, chosen);
  }
}

function addConcordance(sums: Sums, rows: readonly Int8Array[]): void {
  if (rows.length < 2) return;
  const placedByAll = [...rows[0]!.keys()].filter((i) => rows.every((row) => row[i] !== GAP));
  const { value } = kendallsW(rows.map((row) => placedByAll.map((i) => row[i]!))).w;
  if (value !== null) [sums[at.concordances], sums[at.concordance]] = [1, value];
}
