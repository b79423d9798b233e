/**
 * Davidson's model of comparisons with ties: item i of worth p_i beats j with a probability in proportion to p_i, loses in
 * proportion to p_j, and ties in proportion to v * sqrt(p_i * p_j). Without any tie it is Bradley and Terry's. Its
 * logarithms are fitted by Newton's method: the log-likelihood is concave in them.
 */
import { type Message, message } from '@/trainer/contract/message';
import { relationOf, stronglyConnectedComponents } from './partial-order';

export interface ComparisonResults {
  /** `wins[i][j]`: how often i was better than j; `ties[i][j]`, symmetric: how often they were tied. */
  readonly wins: readonly (readonly number[])[];
  readonly ties: readonly (readonly number[])[];
}

export interface Strengths {
  /** They add up to 1. */
  readonly worths: readonly number[];
  /** 0 where nothing was tied. */
  readonly tie: number;
  readonly logLikelihood: number;
  /** Of the logarithms of the worths, less their mean; from the information matrix, as if all results were independent. */
  readonly covariance: readonly (readonly number[])[];
  /** Of the logarithm of `tie`; null where nothing was tied. */
  readonly tieStandardError: number | null;
}

export type Fit = { readonly strengths: Strengths } | { readonly strengths: null; readonly reason: Message };

/** The strengths with the highest likelihood, or the reason why none is the highest. */
export function davidson(names: readonly string[], results: ComparisonResults): Fit {
  const reason = whyUnlimited(names, results);
  return reason ? { strengths: null, reason } : { strengths: maximize(names.length, results) };
}

/**
 * Strengths are finite unless, along some direction, no result gets less likely. Those are: two groups that nothing
 * compares; a group that never lost to the others, nor tied with them; and results that fit a ranking in steps, with wins by
 * a step or more and ties by a step or less.
 */
function whyUnlimited(names: readonly string[], { wins, ties }: ComparisonResults): Message | null {
  const n = names.length;
  if (n < 2) return message('fewerThanTwoSources');
  const edges = (holds: (i: number, j: number) => boolean) =>
    names.flatMap((_, better) =>
      names.flatMap((__, worse) => (better !== worse && holds(better, worse) ? [{ better, worse }] : [])),
    );
  const won = (i: number, j: number) => wins[i]![j]! > 0;
  const tied = (i: number, j: number) => ties[i]![j]! > 0;
  const compared = relationOf(
    n,
    edges((i, j) => won(i, j) || won(j, i) || tied(i, j)),
  );
  const groups = stronglyConnectedComponents(compared);
  const apart = groups.findIndex((group) => group !== 0);
  if (apart !== -1) return message('sourcesNotCompared', { first: names[0]!, second: names[apart]! });

  const notWorse = relationOf(
    n,
    edges((i, j) => won(i, j) || tied(i, j)),
  );
  const component = stronglyConnectedComponents(notWorse);
  if (component.some((one) => one !== 0)) {
    const isUnbeaten = (group: number) =>
      notWorse.every((row, i) => component[i] === group || row.every((ahead, j) => !ahead || component[j] !== group));
    const unbeaten = component.find(isUnbeaten)!;
    return message('sourcesNeverBeaten', { sources: names.filter((_, i) => component[i] === unbeaten).join(', ') });
  }
  const hasTies = ties.some((row) => row.some((count) => count > 0));
  return hasTies && fitsSteps(n, won, tied) ? message('resultsFitSteps') : null;
}

/** Whether there are numbers with i at least 1 above j where i won, and at most 1 apart where they tied (Bellman-Ford). */
function fitsSteps(
  n: number,
  won: (i: number, j: number) => boolean,
  tied: (i: number, j: number) => boolean,
): boolean {
  const height = new Array<number>(n).fill(0);
  // Without a contradiction heights settle within n rounds.
  for (let round = 0; round <= n; round++) {
    let settled = true;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        if (i === j) continue;
        const most = Math.min(won(j, i) ? height[j]! - 1 : Infinity, tied(i, j) ? height[j]! + 1 : Infinity);
        if (height[i]! <= most) continue;
        height[i] = most;
        settled = false;
      }
    }
    if (settled) return true;
  }
  return false;
}

/** Parameters: the logarithms of all worths but the first, which is 0, and, with ties, that of the tie's. */
function maximize(n: number, results: ComparisonResults): Strengths {
  const hasTies = results.ties.some((row) => row.some((count) => count > 0));
  const size = n - 1 + (hasTies ? 1 : 0);
  let parameters = new Array<number>(size).fill(0);
  let state = likelihood(n, hasTies, parameters, results);
  for (let round = 0; round < 100; round++) {
    const step = solve(state.information, state.gradient);
    let scale = 1;
    let next = state;
    let moved = parameters;
    // Far from the top a whole step may overshoot.
    for (; scale > 1e-10; scale /= 2) {
      moved = parameters.map((value, i) => value + scale * step[i]!);
      next = likelihood(n, hasTies, moved, results);
      if (next.logLikelihood >= state.logLikelihood) break;
    }
    [parameters, state] = [moved, next];
    if (highest(step.map(Math.abs)) * scale < 1e-11) break;
  }
  const logs = [0, ...parameters.slice(0, n - 1)];
  const covariance = inverse(state.information);
  const most = highest(logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return {
    worths: weights.map((weight) => weight / sum),
    tie: hasTies ? Math.exp(parameters[n - 1]!) : 0,
    logLikelihood: state.logLikelihood,
    covariance: centered([
      new Array<number>(n).fill(0),
      ...covariance.slice(0, n - 1).map((row) => [0, ...row.slice(0, n - 1)]),
    ]),
    tieStandardError: hasTies ? Math.sqrt(covariance[n - 1]![n - 1]!) : null,
  };
}

/** The log-likelihood with its gradient and the negative of its second derivatives. */
function likelihood(n: number, hasTies: boolean, parameters: readonly number[], { wins, ties }: ComparisonResults) {
  const size = parameters.length;
  const gradient = new Array<number>(size).fill(0);
  const information = gradient.map(() => new Array<number>(size).fill(0));
  const logs = [0, ...parameters];
  let logLikelihood = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const counts = [wins[i]![j]!, wins[j]![i]!, ties[i]![j]!];
      const total = counts[0]! + counts[1]! + counts[2]!;
      if (total === 0) continue;
      // Each outcome's logarithm is linear in the parameters: these are the coefficients of i, j and the tie.
      const outcomes = hasTies
        ? [
            [1, 0, 0],
            [0, 1, 0],
            [0.5, 0.5, 1],
          ]
        : [
            [1, 0, 0],
            [0, 1, 0],
          ];
      const places = [i - 1, j - 1, n - 1];
      const tie = hasTies ? parameters[n - 1]! : 0;
      const heights = outcomes.map(([a, b, t]) => a! * logs[i]! + b! * logs[j]! + t! * tie);
      const most = highest(heights);
      const logSum = most + Math.log(heights.reduce((sum, height) => sum + Math.exp(height - most), 0));
      const shares = heights.map((height) => Math.exp(height - logSum));
      const means = [0, 1, 2].map((k) => outcomes.reduce((sum, of, o) => sum + shares[o]! * of[k]!, 0));
      outcomes.forEach((of, o) => {
        logLikelihood += counts[o]! * (heights[o]! - logSum);
        for (let a = 0; a < 3; a++) {
          if (places[a]! < 0 || places[a]! >= size) continue;
          gradient[places[a]!]! += counts[o]! * (of[a]! - means[a]!);
          for (let b = 0; b < 3; b++) {
            if (places[b]! < 0 || places[b]! >= size) continue;
            information[places[a]!]![places[b]!]! += total * shares[o]! * (of[a]! - means[a]!) * (of[b]! - means[b]!);
          }
        }
      });
    }
  }
  return { logLikelihood, gradient, information };
}

const highest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value));

/** The covariance of the same values less their mean. */
function centered(covariance: readonly (readonly number[])[]): number[][] {
  const n = covariance.length;
  const means = covariance.map((row) => row.reduce((sum, value) => sum + value, 0) / n);
  const mean = means.reduce((sum, value) => sum + value, 0) / n;
  return covariance.map((row, i) => row.map((value, j) => value - means[i]! - means[j]! + mean));
}

/** The solution of a symmetric positive definite system (Gauss, with pivots). */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / rows[column]![column]!;
      for (let k = column; k <= n; k++) rows[i]![k]! -= factor * rows[column]![k]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

const inverse = (matrix: readonly (readonly number[])[]): number[][] =>
  matrix.map((_, i) =>
    solve(
      matrix,
      matrix.map((__, j) => (i === j ? 1 : 0)),
    ),
  );
