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

/** How a prompt's sources fared against each other: all that it adds to their strengths; JSON keeps it. */
export interface SourceOutcomes {
  readonly sources: readonly string[];
  /** Of two sources, by their numbers, how often the first won and how often they tied; each two stand in both directions. */
  readonly outcomes: readonly (readonly [first: number, second: number, wins: number, ties: number])[];
}

/** A comparison is one annotator's placing of two responses from different sources on one prompt. */
export function sourceOutcomes({ orders, sourceOf }: SourcedPrompt): SourceOutcomes {
  const sources = [...new Set(sourceOf.values())];
  const number = new Map(sources.map((source, i) => [source, i]));
  const outcomes = new Map<number, [number, number, number, number]>();
  const between = (first: number, second: number) => {
    const key = first * sources.length + second;
    const known = outcomes.get(key) ?? [first, second, 0, 0];
    outcomes.set(key, known);
    return known;
  };
  for (const order of orders) {
    const placed = [...order].map(([id, tier]) => ({ source: number.get(sourceOf.get(id)!)!, tier }));
    placed.forEach((a, i) => {
      for (const b of placed.slice(i + 1)) {
        if (a.source === b.source) continue;
        const [better, worse] = a.tier <= b.tier ? [a, b] : [b, a];
        const [won, lost] = [between(better.source, worse.source), between(worse.source, better.source)];
        if (a.tier !== b.tier) won[2]++;
        else {
          won[3]++;
          lost[3]++;
        }
      }
    });
  }
  return { sources, outcomes: [...outcomes.values()] };
}

/**
 * Standard errors take comparisons for independent, which those of one prompt are not: the intervals of win rates do not.
 */
export function sourceStrengths(prompts: readonly SourceOutcomes[], { seed, resamples }: Resampling): SourceStrengths {
  const names = [...new Set(prompts.flatMap(({ sources }) => sources))].sort();
  const number = new Map(names.map((name, i) => [name, i]));
  const zeros = () => names.map(() => names.map(() => 0));
  const results = { wins: zeros(), ties: zeros() };
  const drawable = new DrawableRecords();
  prompts.forEach(({ sources, outcomes }, prompt) => {
    const records = new Map<number, { score: number; comparisons: number }>();
    const recordOfOne = (source: number) => {
      const known = records.get(source) ?? { score: 0, comparisons: 0 };
      records.set(source, known);
      return known;
    };
    for (const [first, second, wins, ties] of outcomes) {
      const [one, other] = [number.get(sources[first]!)!, number.get(sources[second]!)!];
      results.wins[one]![other]! += wins;
      results.ties[one]![other]! += ties;
      const own = recordOfOne(one);
      own.score += wins + ties / 2;
      own.comparisons += wins + ties;
      recordOfOne(other).comparisons += wins;
    }
    for (const [source, { score, comparisons }] of records) drawable.add(prompt, source, score, comparisons);
  });
  const fitted = davidson(names, results);
  const second = fitted.strengths && raoKupper(results);
  const intervals = drawable.winRates(names.length, prompts.length, { seed, resamples });
  const sources = names.map(
    (source, i): SourceStrength => ({
      source,
      ...recordOf(results, i),
      winRateInterval: intervals[i]!,
      worth: fitted.strengths?.worths[i] ?? null,
      raoKupperWorth: second?.worths[i] ?? null,
      logStandardError: fitted.strengths ? Math.sqrt(fitted.strengths.covariance[i]![i]!) : null,
    }),
  );
  const order = (one: SourceStrength) => one.worth ?? one.winRate.value ?? -1;
  return {
    sources: sources.sort((a, b) => order(b) - order(a)),
    fit: fitted.strengths && { tie: fitted.strengths.tie, logLikelihood: fitted.strengths.logLikelihood },
    reason: fitted.strengths ? null : fitted.reason,
  };
}

/** How each source fared on each prompt that compares it: columns, since every draw goes over all of them. */
class DrawableRecords {
  readonly #prompt: number[] = [];
  readonly #source: number[] = [];
  readonly #score: number[] = [];
  readonly #comparisons: number[] = [];

  add(prompt: number, source: number, score: number, comparisons: number): void {
    this.#prompt.push(prompt);
    this.#source.push(source);
    this.#score.push(score);
    this.#comparisons.push(comparisons);
  }

  winRates(sources: number, prompts: number, { seed, resamples }: Resampling): Interval[] {
    const random = seededRandom(seed);
    const counts = new Uint32Array(prompts);
    const [promptOf, sourceOf] = [Uint32Array.from(this.#prompt), Uint32Array.from(this.#source)];
    const [score, comparisons] = [Float64Array.from(this.#score), Float64Array.from(this.#comparisons)];
    const [won, compared] = [new Float64Array(sources), new Float64Array(sources)];
    const drawn = Array.from({ length: sources }, () => [] as number[]);
    for (let draw = 0; draw < resamples; draw++) {
      drawCounts(counts, random);
      won.fill(0);
      compared.fill(0);
      for (let i = 0; i < promptOf.length; i++) {
        const times = counts[promptOf[i]!]!;
        const source = sourceOf[i]!;
        won[source]! += times * score[i]!;
        compared[source]! += times * comparisons[i]!;
      }
      drawn.forEach((values, source) => {
        if (compared[source]! > 0) values.push(won[source]! / compared[source]!);
      });
    }
    const spoken = new Uint32Array(sources);
    for (const source of sourceOf) spoken[source]!++;
    return drawn.map((values, source) =>
      spoken[source]! < 2 || values.length === 0 ? null : middle95(Float64Array.from(values)),
    );
  }
}

function recordOf(
  { wins, ties }: ComparisonResults,
  i: number,
): Pick<SourceStrength, 'wins' | 'losses' | 'ties' | 'winRate'> {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const [won, lost, tied] = [sum(wins[i]!), sum(wins.map((row) => row[i]!)), sum(ties[i]!)];
  const winRate = ratio(won + tied / 2, won + lost + tied, message('sourceNeverCompared'));
  return { wins: won, losses: lost, ties: tied, winRate };
}
