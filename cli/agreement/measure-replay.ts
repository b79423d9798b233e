import type { ReadAnnotation } from '../../lib/formats/read-annotations';
import type { Interval } from '../../lib/ranking/statistic';
import { drawCounts, middle95, type Resampling } from '../../trainer/data/resample';
import { seededRandom, shuffled } from '../../trainer/data/seeded-random';
import { byPrompt, orderOf } from './measure-agreement';
import {
  closeWhenCertain,
  type Order,
  orders,
  ReplayedPrompt,
  type ReplayOptions,
  type Said,
  spend,
  type Taken,
  withHindsight,
} from './replay-study';

/** The share of pairs that have to be what the full vote makes of them. */
export const GOAL = 0.98;
const THRESHOLDS = [0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995] as const;

export interface Point {
  /** Judgements that were asked for, as a share of all. */
  readonly judgements: number;
  /** Pairs that are what the full vote makes of them, as a share of all. */
  readonly pairs: number;
}
interface PointWithIntervals extends Point {
  readonly judgements_interval: Interval;
  readonly pairs_interval: Interval;
}

export interface MeasuredReplay {
  readonly prompts: number;
  readonly judgements: number;
  readonly tiers: number;
  readonly repeats: number;
  /** Of each order: the least share of judgements that reaches the goal, and the whole curve. */
  readonly orders: readonly { order: Order; needed: number; interval: Interval; curve: readonly Point[] }[];
  /** Judgements needed by certainty as a share of what the random order needs. */
  readonly of_random: { readonly value: number; readonly interval: Interval };
  /** The least share with which somebody who knew the full vote would reach the goal. */
  readonly hindsight: number;
  readonly thresholds: readonly ({ certainty: number } & PointWithIntervals)[];
  readonly fixed: readonly ({ overlap: number } & PointWithIntervals)[];
  readonly first_two_agree: PointWithIntervals;
  /** With nothing known of the people. */
  readonly guess: PointWithIntervals & { certainty: number };
  /** Of prompts about which something was said: what was said, and how many pairs did stay. */
  readonly calibration: readonly { from: number; prompts: number; said: number; held: number; interval: Interval }[];
}

/** How many judgements each prompt had, and how many of its pairs were right: added up over repeats. */
interface Totals {
  readonly judgements: Float64Array;
  readonly same: Float64Array;
}

export function measureReplay(
  annotations: readonly ReadAnnotation[],
  { repeats, resamples, ...options }: ReplayOptions & Resampling & { repeats: number },
): MeasuredReplay {
  const groups = [...byPrompt(annotations).values()];
  const size = groups.length;
  const random = seededRandom(options.seed);
  const pairs = new Float64Array(size);
  const full = new Float64Array(size);
  const empty = (): Totals => ({ judgements: new Float64Array(size), same: new Float64Array(size) });
  const totals = new Map<string, Totals>();
  const said: Said[] = [];
  const held: number[] = [];

  for (let repeat = 0; repeat < repeats; repeat++) {
    const prompts = groups.map((own) => {
      const ids = [...new Set(own.flatMap(({ placements }) => placements.map(({ response }) => response)))].sort();
      const judgements = own.map((one) => ({ annotator: one.annotator.id, order: orderOf(one) }));
      return new ReplayedPrompt(ids, shuffled(judgements, random), options.rule);
    });
    const add = (key: string, taken: Taken) => {
      const total = totals.get(key) ?? empty();
      totals.set(key, total);
      for (const [i, prompt] of prompts.entries()) {
        total.judgements[i]! += taken[i]!;
        total.same[i]! += prompt.same[taken[i]!]!;
      }
    };
    const own = { ...options, seed: options.seed + repeat };
    for (const [i, prompt] of prompts.entries()) {
      pairs[i]! += prompt.pairs;
      full[i]! += prompt.full;
    }
    for (const order of orders) spend(prompts, order, own).forEach((taken, i) => void add(`${order} ${i}`, taken));
    withHindsight(prompts, own).forEach((taken, i) => void add(`hindsight ${i}`, taken));
    for (const certainty of THRESHOLDS) {
      const closed = closeWhenCertain(prompts, certainty, own);
      add(`threshold ${certainty}`, closed.taken);
      // What is said under the strictest threshold is said of nearly everything.
      if (certainty !== THRESHOLDS.at(-1)) continue;
      for (const one of closed.said) {
        const { same, pairs } = prompts[one.prompt]!;
        said.push(one);
        held.push(same[one.judgements]! / pairs);
      }
    }
    add('guess', closeWhenCertain(prompts, 0.97, own, false).taken);
    const most = prompts.reduce((most_, prompt) => Math.max(most_, prompt.full), 0);
    for (let k = 1; k <= most; k++)
      add(
        `fixed ${k}`,
        Uint8Array.from(prompts, (one) => Math.min(k, one.full)),
      );
    add(
      'first two',
      Uint8Array.from(prompts, ({ untilTwoAgree }) => untilTwoAgree),
    );
  }

  const keys = [...totals.keys()];
  const pointOf = (counts: ArrayLike<number>, { judgements, same }: Totals): Point => ({
    judgements: dot(counts, judgements) / dot(counts, full),
    pairs: dot(counts, same) / dot(counts, pairs),
  });
  const curveOf = (order: Order | 'hindsight', counts: ArrayLike<number>) =>
    keys.filter((key) => key.startsWith(`${order} `)).map((key) => pointOf(counts, totals.get(key)!));
  const ones = new Uint32Array(size).fill(1);
  const draws = { random: seededRandom(options.seed), counts: new Uint32Array(size) };
  const drawn = Array.from({ length: resamples }, () => {
    drawCounts(draws.counts, draws.random);
    return {
      points: new Map(keys.map((key) => [key, pointOf(draws.counts, totals.get(key)!)])),
      needed: orders.map((order) => neededFor(curveOf(order, draws.counts))),
    };
  });
  const interval = (values: readonly number[]): Interval => middle95(Float64Array.from(values));
  const withIntervals = (key: string): PointWithIntervals => ({
    ...pointOf(ones, totals.get(key)!),
    judgements_interval: interval(drawn.map(({ points }) => points.get(key)!.judgements)),
    pairs_interval: interval(drawn.map(({ points }) => points.get(key)!.pairs)),
  });
  const needed = orders.map((order) => neededFor(curveOf(order, ones)));
  const [byCertainty, byChance] = [orders.indexOf('certainty'), orders.indexOf('random')];
  return {
    prompts: size,
    judgements: annotations.length,
    tiers: options.tierCount,
    repeats,
    orders: orders.map((order, i) => ({
      order,
      needed: needed[i]!,
      interval: interval(drawn.map((one) => one.needed[i]!)),
      curve: curveOf(order, ones),
    })),
    hindsight: neededFor(curveOf('hindsight', ones)),
    of_random: {
      value: needed[byCertainty]! / needed[byChance]!,
      interval: interval(drawn.map((one) => one.needed[byCertainty]! / one.needed[byChance]!)),
    },
    thresholds: THRESHOLDS.map((certainty) => ({ certainty, ...withIntervals(`threshold ${certainty}`) })),
    fixed: keys
      .filter((key) => key.startsWith('fixed '))
      .map((key) => ({ overlap: Number(key.slice('fixed '.length)), ...withIntervals(key) })),
    first_two_agree: withIntervals('first two'),
    guess: { certainty: 0.97, ...withIntervals('guess') },
    calibration: calibrationOf(said, held, options.seed, resamples),
  };
}

/** Where a curve first reaches the goal, between two of its points. */
function neededFor(curve: readonly Point[]): number {
  const after = curve.findIndex(({ pairs }) => pairs >= GOAL);
  if (after <= 0) return curve[Math.max(0, after)]!.judgements;
  const [a, b] = [curve[after - 1]!, curve[after]!];
  return a.judgements + ((GOAL - a.pairs) / (b.pairs - a.pairs)) * (b.judgements - a.judgements);
}

function calibrationOf(said: readonly Said[], held: readonly number[], seed: number, resamples: number) {
  const random = seededRandom(seed);
  return Array.from({ length: 10 }, (_, bin) => {
    const from = 0.5 + bin / 20;
    const own = [...said.entries()].filter(
      ([, { certainty }]) => Math.min(9, Math.floor((certainty - 0.5) * 20)) === bin,
    );
    const counts = new Uint32Array(own.length);
    const values = own.map(([i]) => held[i]!);
    const drawn = Array.from({ length: own.length < 2 ? 0 : resamples }, () => {
      drawCounts(counts, random);
      return dot(counts, values) / own.length;
    });
    return {
      from,
      prompts: own.length,
      said: own.reduce((sum, [, { certainty }]) => sum + certainty, 0) / own.length,
      held: values.reduce((sum, value) => sum + value, 0) / own.length,
      interval: drawn.length === 0 ? null : middle95(Float64Array.from(drawn)),
    };
  }).filter(({ prompts }) => prompts > 0);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
