import { drawCounts, middle95, type Resampling } from '@/trainer/data/resample';
import { seededRandom } from '@/trainer/data/seeded-random';
import type { FigureName } from '../../schemas/agreement';
import type { Interval, Statistic } from '../statistic';
import { at, type Comparison, emptySums, type PairTotal, type PromptFigures, promptFiguresOf } from './sums';

/** The figures of a project by name, those of alpha by its metric. */
export const namedFigures = ({
  tauX,
  tauB,
  alpha,
  pairAgreement,
  sameTier,
  concordance,
}: PromptFigures): Record<FigureName, Statistic> => ({
  tauX,
  tauB,
  ...alpha,
  pairAgreement,
  sameTier,
  concordance,
});

export interface AgreementIntervals {
  readonly figures: Readonly<Record<FigureName, Interval>>;
  /** Of the mean tau_x, for each two annotators by `pairKey` and for each annotator with all others. */
  readonly pairs: ReadonlyMap<string, Interval>;
  readonly annotators: ReadonlyMap<string, Interval>;
}

export const pairKey = (first: string, second: string): string => JSON.stringify([first, second]);

/**
 * 95 % intervals. Whole prompts are drawn with replacement, since comparisons of one prompt are not independent; one
 * draw serves every figure. A figure that is undefined in a draw goes without it, and has no interval when fewer than
 * two prompts say anything about it.
 * @param columns each prompt's part of each sum
 */
export function bootstrapAgreement(
  columns: readonly (readonly number[])[],
  comparisons: readonly Comparison[],
  tierCount: number,
  { seed, resamples }: Resampling,
): AgreementIntervals {
  const random = seededRandom(seed);
  const parts = columns.map((column) => Float64Array.from(column));
  const counts = new Uint32Array(parts[0]!.length);
  /** The same as floating-point numbers, which are multiplied faster. */
  const weights = new Float64Array(counts.length);
  const total = emptySums(tierCount);
  const means = new MeanTauX(comparisons);
  const names = Object.keys(namedFigures(promptFiguresOf(total))) as FigureName[];
  const drawn = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<FigureName, number[]>;

  for (let draw = 0; draw < resamples; draw++) {
    drawCounts(counts, random);
    weights.set(counts);
    parts.forEach((part, i) => {
      total[i] = product(weights, part);
    });
    for (const [name, { value }] of Object.entries<Statistic>(namedFigures(promptFiguresOf(total)))) {
      if (value !== null) drawn[name as FigureName].push(value);
    }
    means.draw(weights);
  }
  const speaking = columns[at.comparisons]!.filter((compared) => compared > 0).length;
  return {
    figures: Object.fromEntries(names.map((name) => [name, intervalOf(drawn[name], speaking)])) as Record<
      FigureName,
      Interval
    >,
    ...means.intervals(),
  };
}

/** In four sums, since a processor adds those side by side. */
function product(counts: Float64Array, column: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = counts.length - (counts.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += counts[i]! * column[i]!;
    b += counts[i + 1]! * column[i + 1]!;
    c += counts[i + 2]! * column[i + 2]!;
    d += counts[i + 3]! * column[i + 3]!;
  }
  for (let i = whole; i < counts.length; i++) a += counts[i]! * column[i]!;
  return a + b + c + d;
}

const intervalOf = (draws: readonly number[], prompts: number): Interval =>
  prompts < 2 || draws.length === 0 ? null : middle95(Float64Array.from(draws));

/** What one mean was in each draw, and on how many prompts it rests. */
class DrawnMean {
  #sum = 0;
  #count = 0;
  readonly #values: number[] = [];
  prompts = 0;

  add(sum: number, count: number): void {
    this.#sum += sum;
    this.#count += count;
  }

  endDraw(): void {
    if (this.#count > 0) this.#values.push(this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
  }

  interval(): Interval {
    return intervalOf(this.#values, this.prompts);
  }
}

/** The mean tau_x of each two annotators and of each annotator: the latter's sums are those of his or her pairs. */
class MeanTauX {
  readonly #pairs = new Map<PairTotal, { number: number; mean: DrawnMean; annotators: DrawnMean[] }>();
  readonly #annotators = new Map<string, DrawnMean>();
  /** Of each comparison: its pair, its prompt and its tau_x. */
  readonly #pair: Uint32Array;
  readonly #prompt: Uint32Array;
  readonly #tauX: Float64Array;

  constructor(comparisons: readonly Comparison[]) {
    this.#prompt = Uint32Array.from(comparisons, ({ prompt }) => prompt);
    this.#tauX = Float64Array.from(comparisons, ({ tauX }) => tauX);
    this.#pair = Uint32Array.from(comparisons, ({ pair }) => this.#pairOf(pair).number);
    // Comparisons of one prompt follow each other.
    const countedOn = new Map<DrawnMean, number>();
    for (const { prompt, pair } of comparisons) {
      const { mean, annotators } = this.#pairOf(pair);
      mean.prompts++;
      for (const annotator of annotators) {
        if (countedOn.get(annotator) !== prompt) annotator.prompts++;
        countedOn.set(annotator, prompt);
      }
    }
  }

  #annotator(name: string): DrawnMean {
    const known = this.#annotators.get(name) ?? new DrawnMean();
    this.#annotators.set(name, known);
    return known;
  }

  #pairOf(pair: PairTotal) {
    const known = this.#pairs.get(pair) ?? {
      number: this.#pairs.size,
      mean: new DrawnMean(),
      annotators: [this.#annotator(pair.first), this.#annotator(pair.second)],
    };
    this.#pairs.set(pair, known);
    return known;
  }

  draw(counts: Float64Array): void {
    const sums = new Float64Array(this.#pairs.size);
    const times = new Float64Array(this.#pairs.size);
    const [pairs, prompts, tauX] = [this.#pair, this.#prompt, this.#tauX];
    for (let i = 0; i < pairs.length; i++) {
      const drawn = counts[prompts[i]!]!;
      const pair = pairs[i]!;
      sums[pair]! += drawn * tauX[i]!;
      times[pair]! += drawn;
    }
    for (const { number, mean, annotators } of this.#pairs.values()) {
      for (const one of [mean, ...annotators]) one.add(sums[number]!, times[number]!);
      mean.endDraw();
    }
    for (const mean of this.#annotators.values()) mean.endDraw();
  }

  intervals(): Pick<AgreementIntervals, 'pairs' | 'annotators'> {
    return {
      pairs: new Map(
        [...this.#pairs].map(([{ first, second }, { mean }]) => [pairKey(first, second), mean.interval()]),
      ),
      annotators: new Map([...this.#annotators].map(([name, mean]) => [name, mean.interval()])),
    };
  }
}
