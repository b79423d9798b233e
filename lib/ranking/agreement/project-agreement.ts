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
}

interface Totals {
  readonly project: Sums;
  /** By `pairKey`. */
  readonly pairs: ReadonlyMap<string, PairSums>;
}

/**
 * The agreement of a project, kept up as prompts are judged: each prompt's part is computed when its judgements change,
 * and everything else is a sum of parts. Sums are added up anew after a change, since taking an old part out of them would
 * leave its rounding behind, which is all there is where nothing is left. Judgements are those in force, without gold.
 */
export class ProjectAgreement {
  readonly #prompts = new Map<string, PromptAgreement>();
  #totals: Totals | null = null;

  constructor(readonly tierCount: number) {}

  /** Takes what is known of a prompt now, in place of what was known of it before. */
  set(prompt: string, judgements: readonly TimedOrder[]): void {
    this.#prompts.set(prompt, promptAgreement(judgements, this.tierCount));
    this.#totals = null;
  }

  figures(): Counted<PromptFigures> {
    const { project } = this.#sums();
    return { comparisons: project[at.comparisons]!, ...promptFiguresOf(project) };
  }

  /** One prompt's own figures; undefined for one that is not known. */
  prompt(prompt: string): Counted<PromptFigures> | undefined {
    const sums = this.#prompts.get(prompt)?.sums;
    return sums && { comparisons: sums[at.comparisons]!, ...promptFiguresOf(sums) };
  }

  /** Each two annotators who judged a prompt both; `first` sorts before `second`. */
  pairs(): (Counted<AnnotatorPairFigures> & Pick<AnnotatorComparison, 'first' | 'second'>)[] {
    return [...this.#sums().pairs.values()]
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
    for (const pair of this.#sums().pairs.values()) {
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

  #sums(): Totals {
    this.#totals ??= this.#addUp();
    return this.#totals;
  }

  #addUp(): Totals {
    const project = emptySums(this.tierCount);
    const pairs = new Map<string, PairSums>();
    for (const { sums, comparisons } of this.#prompts.values()) {
      addSums(project, sums);
      for (const { first, second, sums: compared } of comparisons) {
        const key = pairKey(first, second);
        const pair = pairs.get(key) ?? { first, second, sums: emptySums(this.tierCount) };
        pairs.set(key, pair);
        addSums(pair.sums, compared);
      }
    }
    return { project, pairs };
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
