import type { Resampling } from '@/trainer/data/resample';
import { type AgreementIntervals, bootstrapAgreement } from './bootstrap';
import type { PromptAgreement } from './prompt-agreement';
import {
  type AnnotatorPairFigures,
  addSums,
  annotatorPairFiguresOf,
  at,
  type Comparison,
  emptySums,
  type Figures,
  figuresOf,
  type PairTotal,
  type PromptFigures,
  promptFiguresOf,
  type Sums,
} from './sums';

/** Figures with how much they rest on. */
type Counted<T> = T & {
  /** Two annotators on one prompt, with at least two responses in common. */
  readonly comparisons: number;
};

/**
 * The agreement of a project, which is a sum of what each prompt adds to it: a changed prompt has its own part computed
 * anew, and nothing else. Of comparisons no more is kept than the intervals need. Judgements are those in force, without
 * gold.
 */
export class ProjectAgreement {
  readonly #project: Sums;
  /** A column a sum, with a row a prompt, so that a draw's total is a product of two vectors. */
  readonly #columns: number[][];
  readonly #times: (number | null)[] = [];
  readonly #comparisons: Comparison[] = [];
  /** By the first's name, then the second's. */
  readonly #pairs = new Map<string, Map<string, PairTotal>>();

  constructor(readonly tierCount: number) {
    this.#project = emptySums(tierCount);
    this.#columns = Array.from(this.#project, () => []);
  }

  add({ annotators, sums, comparisons, at: time }: PromptAgreement): void {
    const prompt = this.#times.length;
    this.#times.push(time);
    for (let i = 0; i < sums.length; i++) this.#columns[i]!.push(sums[i]!);
    addSums(this.#project, sums);
    for (const [first, second, compared] of comparisons) {
      const pair = this.#pairOf(annotators[first]!, annotators[second]!);
      addSums(pair.sums, compared);
      if (compared[at.comparisons]! > 0) this.#comparisons.push({ prompt, pair, tauX: compared[at.tauX]! });
    }
  }

  figures(): Counted<PromptFigures> {
    return { comparisons: this.#project[at.comparisons]!, ...promptFiguresOf(this.#project) };
  }

  /** Each two annotators who judged a prompt both; `first` sorts before `second`. */
  pairs(): (Counted<AnnotatorPairFigures> & Pick<PairTotal, 'first' | 'second'>)[] {
    return this.#allPairs()
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
    for (const pair of this.#allPairs()) {
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
    this.#times.forEach((time, prompt) => {
      if (time === null) return;
      const bucket = bucketOf(time);
      const sums = buckets.get(bucket) ?? emptySums(this.tierCount);
      buckets.set(bucket, sums);
      for (let i = 0; i < sums.length; i++) sums[i]! += this.#columns[i]![prompt]!;
    });
    return [...buckets]
      .sort(([a], [b]) => compare(a, b))
      .map(([bucket, sums]) => ({ bucket, comparisons: sums[at.comparisons]!, ...promptFiguresOf(sums) }));
  }

  /** The dearest of all: what it costs grows with prompts times resamples. */
  intervals(options: Resampling): AgreementIntervals {
    return bootstrapAgreement(this.#columns, this.#comparisons, this.tierCount, options);
  }

  #pairOf(first: string, second: string): PairTotal {
    const others = this.#pairs.get(first) ?? new Map<string, PairTotal>();
    this.#pairs.set(first, others);
    const pair = others.get(second) ?? { first, second, sums: emptySums(this.tierCount) };
    others.set(second, pair);
    return pair;
  }

  #allPairs(): PairTotal[] {
    return [...this.#pairs.values()].flatMap((others) => [...others.values()]);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
