/**
 * Dawid and Skene's model of tiers: every response has a true tier, and every annotator gives tier b to a response of
 * true tier a with a probability of his or her own. Both are estimated from the judgements alone, by expectation
 * maximisation from the shares of votes on.
 */

export interface TierJudgement {
  readonly item: string;
  readonly annotator: string;
  readonly tier: number;
}

export interface DawidSkene {
  /** Item -> probability of each tier. */
  readonly items: ReadonlyMap<string, readonly number[]>;
  readonly annotators: ReadonlyMap<string, AnnotatorReliability>;
  /** How frequent each tier is. */
  readonly tierShares: readonly number[];
  /** After each round; it never falls. */
  readonly logLikelihoods: readonly number[];
}

export interface AnnotatorReliability {
  /** How probable it is that this annotator gives a response its true tier. */
  readonly reliability: number;
  /** `confusion[truth][given]`: probabilities, of which each row adds up to 1. */
  readonly confusion: readonly (readonly number[])[];
  readonly judgements: number;
}

export interface EstimationLimits {
  readonly rounds: number;
  /** Ends when the log-likelihood of a judgement grows by less. */
  readonly tolerance: number;
}

export function dawidSkene(
  judgements: readonly TierJudgement[],
  tierCount: number,
  limits?: EstimationLimits,
): DawidSkene {
  const [items, itemOf] = numbered(judgements.map(({ item }) => item));
  const [annotators, annotatorOf] = numbered(judgements.map(({ annotator }) => annotator));
  const given = judgements.map(({ tier }) => tier);
  const { truth, ...estimated } = estimateReliability(
    { items: items.length, annotators, itemOf, annotatorOf, given },
    tierCount,
    limits,
  );
  return {
    items: new Map(items.map((item, i) => [item, [...truth.subarray(i * tierCount, (i + 1) * tierCount)]])),
    ...estimated,
  };
}

/** Judgements as columns: of each its item and its annotator, both by number, and the tier that was given. */
export interface TierColumns {
  readonly items: number;
  readonly annotators: readonly string[];
  readonly itemOf: ArrayLike<number>;
  readonly annotatorOf: ArrayLike<number>;
  readonly given: ArrayLike<number>;
}

/** @returns `truth`: the probability of each tier, item by item */
export function estimateReliability(
  columns: TierColumns,
  tierCount: number,
  { rounds, tolerance }: EstimationLimits = { rounds: 500, tolerance: 1e-8 },
): Omit<DawidSkene, 'items'> & { readonly truth: Float64Array } {
  const { items, annotators } = columns;
  const [itemOf, annotatorOf] = [Uint32Array.from(columns.itemOf), Uint32Array.from(columns.annotatorOf)];
  const given = Uint8Array.from(columns.given);
  const truth = new Float64Array(items * tierCount);
  const shares = new Float64Array(tierCount);
  const confusion = new Float64Array(annotators.length * tierCount * tierCount);
  const logLikelihoods: number[] = [];

  for (let i = 0; i < given.length; i++) truth[itemOf[i]! * tierCount + given[i]!]! += 1;
  normalizeRows(truth, tierCount);
  for (let round = 0; round < rounds; round++) {
    // What the tiers, as far as they are known, say of the annotators.
    shares.fill(0);
    for (let i = 0; i < truth.length; i++) shares[i % tierCount]! += truth[i]!;
    normalizeRows(shares, tierCount);
    confusion.fill(0);
    for (let i = 0; i < given.length; i++) {
      for (let tier = 0; tier < tierCount; tier++) {
        confusion[(annotatorOf[i]! * tierCount + tier) * tierCount + given[i]!]! +=
          truth[itemOf[i]! * tierCount + tier]!;
      }
    }
    normalizeRows(confusion, tierCount);

    // What the annotators, so known, say of the tiers. A logarithm for each of their probabilities, not for each use.
    const logs = confusion.map(Math.log);
    const shareLogs = shares.map(Math.log);
    for (let i = 0; i < truth.length; i++) truth[i] = shareLogs[i % tierCount]!;
    for (let i = 0; i < given.length; i++) {
      for (let tier = 0; tier < tierCount; tier++) {
        truth[itemOf[i]! * tierCount + tier]! += logs[(annotatorOf[i]! * tierCount + tier) * tierCount + given[i]!]!;
      }
    }
    const before = logLikelihoods.at(-1);
    const now = exponentiateRows(truth, tierCount);
    logLikelihoods.push(now);
    if (before !== undefined && now - before < tolerance * given.length) break;
  }

  const counts = new Float64Array(annotators.length);
  for (const annotator of annotatorOf) counts[annotator]!++;
  return {
    truth,
    annotators: new Map(
      annotators.map((annotator, i) => {
        const rows = Array.from({ length: tierCount }, (_, tier) => {
          const start = (i * tierCount + tier) * tierCount;
          return [...confusion.subarray(start, start + tierCount)];
        });
        const reliability = rows.reduce((sum, row, tier) => sum + shares[tier]! * row[tier]!, 0);
        return [annotator, { reliability, confusion: rows, judgements: counts[i]! }];
      }),
    ),
    tierShares: [...shares],
    logLikelihoods,
  };
}

function numbered(names: readonly string[]): [distinct: string[], numbers: Uint32Array] {
  const numberOf = new Map<string, number>();
  const numbers = Uint32Array.from(names, (name) => {
    const number = numberOf.get(name) ?? numberOf.size;
    numberOf.set(name, number);
    return number;
  });
  return [[...numberOf.keys()], numbers];
}

/** Divides each row by its sum. A row of zeros stays: nothing of that tier was seen. */
function normalizeRows(rows: Float64Array, width: number): void {
  for (let start = 0; start < rows.length; start += width) {
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += rows[i]!;
    if (sum > 0) for (let i = start; i < start + width; i++) rows[i]! /= sum;
  }
}

/** Turns each row from logarithms into shares. @returns the sum of the rows' logarithms before */
function exponentiateRows(rows: Float64Array, width: number): number {
  let total = 0;
  for (let start = 0; start < rows.length; start += width) {
    let most = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + width; i++) most = Math.max(most, rows[i]!);
    let sum = 0;
    for (let i = start; i < start + width; i++) {
      rows[i] = Math.exp(rows[i]! - most);
      sum += rows[i]!;
    }
    for (let i = start; i < start + width; i++) rows[i]! /= sum;
    total += most + Math.log(sum);
  }
  return total;
}
