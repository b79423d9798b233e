/**
 * How people of a project judge. Every response has a standing, which is one of the tiers or lies between two of them,
 * and every annotator gives a response of that standing each tier with a probability of his or her own. These lean on
 * the pool's, and the pool's on a plain guess: somebody new judges like the others, and a project's first annotations do
 * not speak for all. Estimated by expectation maximisation, as in Dawid and Skene's model, which has neither the leaning
 * nor standings between tiers (those of responses that are hard to tell, for everybody).
 */

/** One response as one annotator judged it; the tier is null where it was not placed. */
export interface ResponseJudgement {
  readonly item: string;
  readonly annotator: string;
  readonly tier: number | null;
}

/** `[standing][tier]`: probabilities, of which each row adds up to 1. */
type Confusion = readonly (readonly number[])[];

/** Plain numbers, since a model is stored as JSON. */
export interface JudgementModel {
  readonly tierCount: number;
  /** How frequent each standing is; standing s is tier s / 2, and an odd one lies between two. */
  readonly shares: readonly number[];
  /** How frequently a response is placed: the rest are gaps. */
  readonly placedShare: number;
  /** Of somebody of whom nothing is known. */
  readonly pool: Confusion;
  readonly annotators: Readonly<Record<string, Confusion>>;
}

/** As many judgements of one standing speak as loud as the pool does of an annotator, and as the guess does of the pool. */
const POOL_WEIGHT = 12;
const GUESS_WEIGHT = 12;
/** As many responses speak as loud as the guess that all standings are equally frequent, and that most are placed. */
const SHARES_WEIGHT = 2;
const PLACED_GUESS = { placed: 19, judged: 20 };
/** A guess: with each tier farther from the standing, a tier is as many times as probable. */
const FALL = 0.2;
const ROUNDS = 60;
/** Ends when no probability of the pool moves farther. */
const TOLERANCE = 1e-6;

/** What is taken of people of whom nothing is known: near tiers are more probable than far ones. */
export function guessedModel(tierCount: number): JudgementModel {
  const standings = 2 * tierCount - 1;
  return {
    tierCount,
    shares: new Array<number>(standings).fill(1 / standings),
    placedShare: PLACED_GUESS.placed / PLACED_GUESS.judged,
    pool: Array.from({ length: standings }, (_, standing) =>
      normalized(Array.from({ length: tierCount }, (__, tier) => FALL ** Math.abs(tier - standing / 2))),
    ),
    annotators: {},
  };
}

/** @param tierCount tiers of the project; a tier beyond them counts as the last */
export function estimateJudgementModel(
  judgements: readonly ResponseJudgement[],
  tierCount: number,
  rounds = ROUNDS,
): JudgementModel {
  const guess = guessedModel(tierCount);
  const placed = judgements.flatMap(({ tier, ...rest }) =>
    tier === null ? [] : [{ ...rest, tier: Math.min(tier, tierCount - 1) }],
  );
  const names = [...new Set(placed.map(({ annotator }) => annotator))].sort();
  const patterns = patternsOf(placed, names);
  let { shares, pool } = guess;
  let annotators = names.map(() => pool);
  for (let round = 0; round < rounds; round++) {
    const before = [shares, ...pool].flat();
    const expected = expectedCounts(patterns, shares, annotators, tierCount);
    shares = normalized(expected.standings.map((count) => count + SHARES_WEIGHT / guess.shares.length));
    pool = leaning(guess.pool, GUESS_WEIGHT, (s, tier) => expected.given.reduce((sum, own) => sum + own[s]![tier]!, 0));
    annotators = expected.given.map((own) => leaning(pool, POOL_WEIGHT, (s, tier) => own[s]![tier]!));
    const after = [shares, ...pool].flat();
    if (after.every((value, i) => Math.abs(value - before[i]!) < TOLERANCE)) break;
  }
  return {
    tierCount,
    shares,
    placedShare: (placed.length + PLACED_GUESS.placed) / (judgements.length + PLACED_GUESS.judged),
    pool,
    annotators: Object.fromEntries(names.map((name, i) => [name, annotators[i]!])),
  };
}

/** What was given to a response, and to how many responses: those that were judged alike have one posterior. */
interface Pattern {
  readonly given: readonly { annotator: number; tier: number }[];
  responses: number;
}

function patternsOf(placed: readonly (ResponseJudgement & { tier: number })[], names: readonly string[]): Pattern[] {
  const numberOf = new Map(names.map((name, i) => [name, i]));
  const items = new Map<string, { annotator: number; tier: number }[]>();
  for (const { item, annotator, tier } of placed) {
    const one = { annotator: numberOf.get(annotator)!, tier };
    const given = items.get(item);
    if (given) given.push(one);
    else items.set(item, [one]);
  }
  const patterns = new Map<string, Pattern>();
  for (const given of items.values()) {
    given.sort((a, b) => a.annotator - b.annotator);
    const key = given.map(({ annotator, tier }) => `${annotator}:${tier}`).join();
    const known = patterns.get(key);
    if (known) known.responses++;
    else patterns.set(key, { given, responses: 1 });
  }
  return [...patterns.values()];
}

/** How many responses of each standing there are, and how often each annotator gave which tier to them. */
function expectedCounts(
  patterns: readonly Pattern[],
  shares: readonly number[],
  annotators: readonly Confusion[],
  tierCount: number,
) {
  const standings = shares.map(() => 0);
  const given = annotators.map(() => shares.map(() => new Array<number>(tierCount).fill(0)));
  for (const pattern of patterns) {
    const posterior = posteriorOf(
      shares,
      pattern.given.map(({ annotator, tier }) => ({ confusion: annotators[annotator]!, tier })),
    );
    for (let s = 0; s < shares.length; s++) {
      const count = pattern.responses * posterior[s]!;
      standings[s]! += count;
      for (const { annotator, tier } of pattern.given) given[annotator]![s]![tier]! += count;
    }
  }
  return { standings, given };
}

/** How probable each standing of a response is, given the tiers that it got. */
export function posteriorOf(
  shares: readonly number[],
  given: readonly { readonly confusion: Confusion; readonly tier: number }[],
): number[] {
  const posterior = [...shares];
  for (const { confusion, tier } of given) {
    for (let s = 0; s < posterior.length; s++) posterior[s]! *= confusion[s]![tier]!;
  }
  return normalized(posterior);
}

const leaning = (on: Confusion, weight: number, count: (standing: number, tier: number) => number): Confusion =>
  on.map((row, s) => normalized(row.map((share, tier) => weight * share + count(s, tier))));

function normalized(values: readonly number[]): number[] {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}
