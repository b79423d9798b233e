/** Which source's responses people prefer: win rates and Davidson's strengths, from tiers with ties. */
import { type Message, message } from '@/trainer/contract/message';
import { drawCounts, middle95, type Resampling } from '@/trainer/data/resample';
import { seededRandom } from '@/trainer/data/seeded-random';
import { type ComparisonResults, davidson, type Strengths } from './davidson';
import { raoKupper } from './rao-kupper';
import { type Interval, ratio, type Statistic } from './statistic';
import type { WeakOrder } from './tiers';

/** A prompt's orders, one an annotator, and the source of each of its responses. */
export interface SourcedPrompt {
  readonly orders: readonly WeakOrder[];
  readonly sourceOf: ReadonlyMap<string, string>;
}

export interface SourceStrength {
  readonly source: string;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Wins and half of the ties, over all comparisons with other sources; the interval draws whole prompts. */
  readonly winRate: Statistic;
  readonly winRateInterval: Interval;
  /** Davidson's worth, all of which add up to 1, and the standard error of its logarithm; null where they have no limit. */
  readonly worth: number | null;
  readonly logStandardError: number | null;
  /** The worth by Rao and Kupper's model, which takes ties otherwise. */
  readonly raoKupperWorth: number | null;
}

export interface SourceStrengths {
  /** The strongest first. */
  readonly sources: readonly SourceStrength[];
  /** Of Davidson's model; null, with the reason, where strengths have no limit. */
  readonly fit: Pick<Strengths, 'tie' | 'logLikelihood'> | null;
  readonly reason: Message | null;
}

/**
 * A comparison is one annotator's placing of two responses from different sources on one prompt. Standard errors take
 * comparisons for independent, which those of one prompt are not: the intervals of win rates do not.
 */
export function sourceStrengths(prompts: readonly SourcedPrompt[], { seed, resamples }: Resampling): SourceStrengths {
  const names = [...new Set(prompts.flatMap(({ sourceOf }) => [...sourceOf.values()]))].sort();
  const n = names.length;
  const number = new Map(names.map((name, i) => [name, i]));
  const parts = prompts.map((prompt) => outcomesOf(prompt, number));
  const total = new Float64Array(2 * n * n);
  for (const part of parts) for (const [cell, count] of part) total[cell]! += count;
  const results = resultsOf(total, n);
  const fitted = davidson(names, results);
  const second = fitted.strengths && raoKupper(results);

  const random = seededRandom(seed);
  const counts = new Uint32Array(prompts.length);
  const drawn: number[][] = names.map(() => []);
  // Flat, since every draw goes over all of them.
  const promptOf = Uint32Array.from(parts.flatMap((part, prompt) => Array.from(part, () => prompt)));
  const cellOf = Uint32Array.from(parts.flatMap((part) => [...part.keys()]));
  const countOf = Float64Array.from(parts.flatMap((part) => [...part.values()]));
  for (let draw = 0; draw < resamples; draw++) {
    drawCounts(counts, random);
    const sums = new Float64Array(2 * n * n);
    for (let i = 0; i < cellOf.length; i++) sums[cellOf[i]!]! += counts[promptOf[i]!]! * countOf[i]!;
    const of = resultsOf(sums, n);
    names.forEach((_, i) => {
      const { value } = recordOf(of, i).winRate;
      if (value !== null) drawn[i]!.push(value);
    });
  }
  const sources = names.map((source, i): SourceStrength => {
    const spoken = parts.filter((part) => [...part.keys()].some((cell) => involves(cell, i, n))).length;
    return {
      source,
      ...recordOf(results, i),
      winRateInterval: spoken < 2 || drawn[i]!.length === 0 ? null : middle95(Float64Array.from(drawn[i]!)),
      worth: fitted.strengths?.worths[i] ?? null,
      raoKupperWorth: second?.worths[i] ?? null,
      logStandardError: fitted.strengths ? Math.sqrt(fitted.strengths.covariance[i]![i]!) : null,
    };
  });
  const order = (one: SourceStrength) => one.worth ?? one.winRate.value ?? -1;
  return {
    sources: sources.sort((a, b) => order(b) - order(a)),
    fit: fitted.strengths && { tie: fitted.strengths.tie, logLikelihood: fitted.strengths.logLikelihood },
    reason: fitted.strengths ? null : fitted.reason,
  };
}

/** Counts by cell: first wins of row over column, then ties, which stand in both directions. */
function outcomesOf({ orders, sourceOf }: SourcedPrompt, number: ReadonlyMap<string, number>): Map<number, number> {
  const n = number.size;
  const outcomes = new Map<number, number>();
  const add = (cell: number) => outcomes.set(cell, (outcomes.get(cell) ?? 0) + 1);
  for (const order of orders) {
    const placed = [...order].map(([id, tier]) => ({ source: number.get(sourceOf.get(id)!)!, tier }));
    placed.forEach((a, i) => {
      for (const b of placed.slice(i + 1)) {
        if (a.source === b.source) continue;
        const [better, worse] = a.tier <= b.tier ? [a, b] : [b, a];
        if (a.tier !== b.tier) add(better.source * n + worse.source);
        else {
          add(n * n + a.source * n + b.source);
          add(n * n + b.source * n + a.source);
        }
      }
    });
  }
  return outcomes;
}

const involves = (cell: number, source: number, n: number) =>
  cell % n === source || Math.floor((cell % (n * n)) / n) === source;

const resultsOf = (sums: Float64Array, n: number): ComparisonResults => {
  const square = (start: number) =>
    Array.from({ length: n }, (_, i) => [...sums.subarray(start + i * n, start + (i + 1) * n)]);
  return { wins: square(0), ties: square(n * n) };
};

function recordOf(
  { wins, ties }: ComparisonResults,
  i: number,
): Pick<SourceStrength, 'wins' | 'losses' | 'ties' | 'winRate'> {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [won, lost, tied] = [sum(wins[i]!), sum(wins.map((row) => row[i]!)), sum(ties[i]!)];
  const winRate = ratio(won + tied / 2, won + lost + tied, message('sourceNeverCompared'));
  return { wins: won, losses: lost, ties: tied, winRate };
}
