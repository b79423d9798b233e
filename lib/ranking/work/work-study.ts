import type { TimedOrder } from '../agreement';
import type { Interval } from '../statistic';
import type { JudgedPrompt } from '../study';
import { type Contest, firstShownContest, longestContest } from './bias';
import { ClusteredRatio } from './clustered-ratio';

/** An order with what its board showed. */
export interface WorkedOrder extends TimedOrder {
  /** When the annotator's first version was saved; null for one that came with a file, of which nobody's work is known. */
  readonly begunAt: number | null;
  /** The responses that were on the board, in its order. */
  readonly shown: readonly string[];
}
export interface WorkedPrompt extends JudgedPrompt {
  readonly responses: readonly (JudgedPrompt['responses'][number] & { readonly length: number })[];
  readonly judgements: readonly WorkedOrder[];
}

export interface MeasuredBias {
  /** How much of what there was to win such a response wins; half where nobody minds. Null before there was any. */
  readonly share: number | null;
  readonly interval: Interval;
  /** Boards that say something. */
  readonly boards: number;
}
export interface MeasuredBiases {
  readonly project: MeasuredBias;
  readonly annotators: readonly (MeasuredBias & { readonly annotatorId: string })[];
}
export interface MeasuredWork {
  readonly firstShown: MeasuredBiases;
  readonly longest: MeasuredBiases;
  /** Judgements begun on each day (UTC) by each person, in order of days. */
  readonly days: readonly { readonly day: string; readonly annotatorId: string; readonly judged: number }[];
}

/** The last days of a report; a project that is worked on for longer has its throughput on these. */
const MAX_DAYS = 400;

/** Whether one kind of response wins too often, for each annotator and for all of them together. */
class Bias {
  readonly #project = new ClusteredRatio();
  readonly #annotators = new Map<string, ClusteredRatio>();
  #boards = 0;

  /** What the annotators of one prompt made of it. */
  add(annotators: readonly string[], contests: readonly (Contest | null)[]): void {
    let [score, others] = [0, 0];
    for (const [i, annotator] of annotators.entries()) {
      const contest = contests[i] ?? null;
      if (contest === null) continue;
      const own = this.#annotators.get(annotator) ?? new ClusteredRatio();
      this.#annotators.set(annotator, own);
      own.add(contest.score, contest.others);
      score += contest.score;
      others += contest.others;
      this.#boards++;
    }
    this.#project.add(score, others);
  }

  measured(): MeasuredBiases {
    const told = (ratio: ClusteredRatio, boards: number) => ({
      share: ratio.value(),
      interval: ratio.interval(),
      boards,
    });
    return {
      project: told(this.#project, this.#boards),
      annotators: [...this.#annotators].map(([annotatorId, ratio]) => ({
        annotatorId,
        ...told(ratio, ratio.clusters),
      })),
    };
  }
}

/** What a judged prompt adds to how people work; JSON keeps it. */
export interface WorkContribution {
  readonly annotators: readonly string[];
  /** Of each of them: the day (UTC) on which the first version was saved, and the contests on the board. */
  readonly days: readonly string[];
  readonly firstShown: readonly (Contest | null)[];
  readonly longest: readonly (Contest | null)[];
}

export function workContribution({ responses, judgements: all }: WorkedPrompt): WorkContribution {
  const judgements = all.flatMap((one) => (one.begunAt === null ? [] : [{ ...one, begunAt: one.begunAt }]));
  const lengths = new Map(responses.map(({ id, length }) => [id, length]));
  return {
    annotators: judgements.map(({ annotator }) => annotator),
    days: judgements.map(({ begunAt }) => new Date(begunAt).toISOString().slice(0, 10)),
    firstShown: judgements.map(({ order, shown }) => firstShownContest(order, shown)),
    longest: judgements.map(({ order }) => longestContest(order, lengths)),
  };
}

/** How people work, prompt by prompt: when, and whether the place or the length of a response sways them. */
export class WorkStudy {
  readonly #firstShown = new Bias();
  readonly #longest = new Bias();
  readonly #days = new Map<string, Map<string, number>>();

  add({ annotators, days, firstShown, longest }: WorkContribution): void {
    annotators.forEach((annotator, i) => {
      const people = this.#days.get(days[i]!) ?? new Map<string, number>();
      this.#days.set(days[i]!, people);
      people.set(annotator, (people.get(annotator) ?? 0) + 1);
    });
    this.#firstShown.add(annotators, firstShown);
    this.#longest.add(annotators, longest);
  }

  measured(): MeasuredWork {
    const days = [...this.#days].sort(([one], [other]) => (one < other ? -1 : 1)).slice(-MAX_DAYS);
    return {
      firstShown: this.#firstShown.measured(),
      longest: this.#longest.measured(),
      days: days.flatMap(([day, people]) => [...people].map(([annotatorId, judged]) => ({ day, annotatorId, judged }))),
    };
  }
}
