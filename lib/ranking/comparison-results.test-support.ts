import type { ComparisonResults } from './davidson';

/** Results of n items from lines of [first, second, wins, losses, ties], items counted from 0. */
export function resultsOf(
  n: number,
  lines: readonly (readonly [number, number, number, number, number])[],
): ComparisonResults {
  const square = () => Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const [wins, ties] = [square(), square()];
  for (const [i, j, won, lost, tied] of lines) {
    wins[i]![j] = won;
    wins[j]![i] = lost;
    ties[i]![j] = tied;
    ties[j]![i] = tied;
  }
  return { wins, ties };
}
export const names = (n: number) => Array.from({ length: n }, (_, i) => 'ABCDEF'[i]!);

/** Davidson's own example: six puddings. */
export const puddings = (() => {
  const pairs = ['12', '13', '23', '14', '24', '34', '15', '25', '35', '45', '16', '26', '36', '46', '56'];
  const wins = [19, 16, 19, 18, 23, 19, 13, 16, 16, 17, 18, 22, 13, 14, 11];
  const losses = [22, 19, 19, 23, 19, 20, 19, 20, 15, 14, 21, 20, 18, 19, 21];
  const ties = [16, 12, 10, 13, 9, 15, 18, 12, 17, 16, 12, 12, 10, 18, 12];
  return resultsOf(
    6,
    pairs.map((pair, k) => [Number(pair[0]) - 1, Number(pair[1]) - 1, wins[k]!, losses[k]!, ties[k]!] as const),
  );
})();
