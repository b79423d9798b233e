import type { Resampling } from '@/trainer/data/resample';
import { type AgreementIntervals, bootstrapAgreement, pairKey } from './bootstrap';
import { type AnnotatorComparison, type PromptAgreement, promptAgreement, type TimedOrder } from './prompt-agreement';
import {
  type AnnotatorPairFigures,
  addSums,
  annotatorPairFiguresOf,
  at,
  emptySums,
  type Figures,
  figuresOf,
  type PromptFigures,
  promptFiguresOf,
  type Sums,
} from './sums';

/** Figures with how much they rest on. */
type Counted<T> = T & {
  /** Two annotators on one prompt, with at least two responses in common. */
  readonly comparisons: number;
};

interface PairSums {
  readonly first: string;
  readonly second: string;
  readonly sums: Sums;
  prompts: number;
}

/**
 * The agreement of a project, kept up as prompts are judged: each prompt's part is computed when its judgements change,
 * and everything else is a sum of parts. Judgements are those in force, without gold.
 */
export class ProjectAgreement {
  readonly #prompts = new Map<string, PromptAgreement>();
  readonly #pairs = new Map<string, PairSums>();
  readonly #total: Sums;

  constructor(readonly tierCount: number) {
    this.#total = emptySums(tierCount);
  }

  /** Takes what is known of a prompt now, in place of what was known of it before. */
  set(prompt: string, judgements: readonly TimedOrder[]): void {
    const before = this.#prompts.get(prompt);
    if (before) this.#add(before, -1);
    const now = promptAgreement(judgements, this.tierCount);
    this.#prompts.set(prompt, now);
    this.#add(now, 1);
  }

  figures(): Counted<PromptFigures> {
    return { comparisons: this.#total[at.comparisons]!, ...promptFiguresOf(this.#total) };
  }

  /** One prompt's own figures; undefined for one that is not known. */
  prompt(prompt: string): Counted<PromptFigures> | undefined {
    const sums = this.#prompts.get(prompt)?.sums;
    return sums && { comparisons: sums[at.comparisons]!, ...promptFiguresOf(sums) };
  }

  /** Each two annotators who judged a prompt both; `first` sorts before `second`. */
  pairs(): (Counted<AnnotatorPairFigures> & Pick<AnnotatorComparison, 'first' | 'second'>)[] {
    return [...this.#pairs.values()]
      .sort((a, b) => compare(a.first, b.first) || compare(a.second, b.second))
      .map(({ first, second, sums }) => ({
        first,
        second,
        comparisons: sums[at.comparisons]!,
        ...annotatorPairFiguresOf(sums),
      }));
  }

  /** Each annotator with all others. Alpha is that of the comparisons, each of which counts alike. */
  annotators(): (Counted<Figures> & { readonly annotator: string })[] {
    const sums = new Map<string, Sums>();
    for (const pair of this.#pairs.values()) {
      for (const name of [pair.first, pair.second]) {
        if (!sums.has(name)) sums.set(name, emptySums(this.tierCount));
        addSums(sums.get(name)!, pair.sums);
      }
    }
    return [...sums]
      .sort(([a], [b]) => compare(a, b))
      .map(([annotator, own]) => ({ annotator, comparisons: own[at.comparisons]!, ...figuresOf(own) }));
  }

  /**
   * Figures by time. A prompt counts where its last judgement was made; those without a time count nowhere.
   * @param bucketOf names the bucket of a time in milliseconds, such as its day; buckets are sorted by name
   */
  overTime(bucketOf: (time: number) => string): (Counted<PromptFigures> & { readonly bucket: string })[] {
    const buckets = new Map<string, Sums>();
    for (const { at: time, sums } of this.#prompts.values()) {
      if (time === undefined) continue;
      const bucket = bucketOf(time);
      if (!buckets.has(bucket)) buckets.set(bucket, emptySums(this.tierCount));
      addSums(buckets.get(bucket)!, sums);
    }
    return [...buckets]
      .sort(([a], [b]) => compare(a, b))
      .map(([bucket, sums]) => ({ bucket, comparisons: sums[at.comparisons]!, ...promptFiguresOf(sums) }));
  }

  /** The dearest of all: what it costs grows with prompts times resamples. */
  intervals(options: Resampling): AgreementIntervals {
    return bootstrapAgreement([...this.#prompts.values()], this.tierCount, options);
  }

  #add({ sums, comparisons }: PromptAgreement, times: 1 | -1): void {
    addSums(this.#total, sums, times);
    for (const { first, second, sums: compared } of comparisons) {
      const key = pairKey(first, second);
      const pair = this.#pairs.get(key) ?? { first, second, sums: emptySums(this.tierCount), prompts: 0 };
      addSums(pair.sums, compared, times);
      pair.prompts += times;
      // What is left of a pair that compares nothing any more would be rounding.
      if (pair.prompts === 0) this.#pairs.delete(key);
      else this.#pairs.set(key, pair);
    }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
