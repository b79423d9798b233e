import { message } from '@/trainer/contract/message';
import { type Statistic, undefinedFor } from '../statistic';

export interface Concordance {
  /** Kendall's W, corrected for ties: 1 where all annotators order alike, 0 where their ranks cancel. */
  readonly w: Statistic;
  /** The same without the correction, which ties make too small. */
  readonly uncorrected: Statistic;
  /** Of the corrected W, with so many degrees of freedom; near its distribution from about seven responses on. */
  readonly chiSquared: Statistic;
  readonly degreesOfFreedom: number;
}

/**
 * Kendall's coefficient of concordance of several annotators.
 * @param orders one list an annotator: the tiers of the same responses, all of which every annotator placed
 */
export function kendallsW(orders: readonly ArrayLike<number>[]): Concordance {
  const m = orders.length;
  const n = orders[0]?.length ?? 0;
  const none = (reason: ReturnType<typeof message>): Concordance => {
    const w = undefinedFor(reason);
    return { w, uncorrected: w, chiSquared: w, degreesOfFreedom: Math.max(0, n - 1) };
  };
  if (m < 2) return none(message('fewerThanTwoAnnotators'));
  if (n < 2) return none(message('fewerThanTwoPlacedByAll'));
  const rankSums = new Float64Array(n);
  let ties = 0;
  for (const order of orders) {
    for (let i = 0; i < n; i++) {
      let [better, equal] = [0, 0];
      for (let j = 0; j < n; j++) {
        if (order[j]! < order[i]!) better++;
        else if (order[j] === order[i]) equal++;
      }
      rankSums[i]! += better + (equal + 1) / 2;
      // Over the members of a group of t ties this adds up to t^3 - t.
      ties += equal ** 2 - 1;
    }
  }
  const mean = (m * (n + 1)) / 2;
  const spread = rankSums.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  const most = m ** 2 * (n ** 3 - n);
  if (most - m * ties === 0) return none(message('everythingTiedByAll'));
  const w = (12 * spread) / (most - m * ties);
  return {
    w: { value: w },
    uncorrected: { value: (12 * spread) / most },
    chiSquared: { value: m * (n - 1) * w },
    degreesOfFreedom: n - 1,
  };
}
