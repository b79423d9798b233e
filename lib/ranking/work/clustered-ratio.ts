import type { Interval } from '../statistic';
import { studentTQuantile } from '../student-t';

/**
 * The ratio of two sums over clusters (prompts), whose parts are not independent of each other, with its 95 % interval by
 * linearization and Student's t. That is the intercept of a regression on 1, weighted by the denominators, with
 * standard errors that are robust to clusters.
 */
export class ClusteredRatio {
  #clusters = 0;
  #score = 0;
  #weight = 0;
  #scoreSquared = 0;
  #product = 0;
  #weightSquared = 0;

  /** A cluster's part of both sums. One with no weight says nothing. */
  add(score: number, weight: number): void {
    if (weight === 0) return;
    this.#clusters++;
    this.#score += score;
    this.#weight += weight;
    this.#scoreSquared += score * score;
    this.#product += score * weight;
    this.#weightSquared += weight * weight;
  }

  get clusters(): number {
    return this.#clusters;
  }

  /** Null before anything was added. */
  value(): number | null {
    return this.#weight === 0 ? null : this.#score / this.#weight;
  }

  /** Null for fewer than two clusters; not cut off where it reaches beyond what a ratio can be. */
  interval(): Interval {
    const ratio = this.value();
    if (ratio === null || this.#clusters < 2) return null;
    const squares = this.#scoreSquared - 2 * ratio * this.#product + ratio * ratio * this.#weightSquared;
    const variance = ((this.#clusters / (this.#clusters - 1)) * Math.max(0, squares)) / this.#weight ** 2;
    const half = studentTQuantile(0.975, this.#clusters - 1) * Math.sqrt(variance);
    return [ratio - half, ratio + half];
  }
}
