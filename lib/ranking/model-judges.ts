/**
 * Annotators that are models, beside the people who judged the same prompts: how far each agrees with them, how far they
 * agree with one another there, and whether it may stand in for one of them.
 */
import { promptAgreement } from './agreement';
import { addSums, annotatorPairFiguresOf, at, emptySums, orderedPairAgreementOf, type Sums } from './agreement/sums';
import { type AlternativeAnnotatorTest, alternativeAnnotatorTest, type ComparedPrompt } from './alternative-annotator';
import type { Statistic } from './statistic';
import type { JudgedOrder } from './tiers';

/** The orders of one prompt's responses. */
export interface JudgedByModels {
  readonly models: readonly JudgedOrder[];
  readonly people: readonly JudgedOrder[];
}

export interface JudgeFigures {
  readonly comparisons: number;
  readonly tauX: Statistic;
  /** The share of pairs of which two say the same; and of those alone that neither ties. */
  readonly pairAgreement: Statistic;
  readonly orderedPairAgreement: Statistic;
  readonly kappa: Statistic;
}

export interface JudgeTest extends AlternativeAnnotatorTest {
  readonly epsilon: number;
  readonly countTies: boolean;
}

export interface MeasuredJudge {
  readonly annotator: string;
  /** Prompts that the model and somebody judged. */
  readonly prompts: number;
  readonly withPeople: JudgeFigures;
  readonly amongPeople: JudgeFigures;
  readonly tests: readonly JudgeTest[];
}

/** What a person costs more than a model: beside crowd workers, trained annotators, experts. */
export const EPSILONS = [0.1, 0.15, 0.2] as const;
/** The share of false wins among wins that the test accepts. */
const LEVEL = 0.05;
/** Sorts before every annotator, so that counts have the model first. */
const MODEL = '';

interface Judge {
  readonly prompts: ComparedPrompt[];
  readonly withPeople: Sums;
  readonly amongPeople: Sums;
}

export class ModelJudges {
  readonly #judges = new Map<string, Judge>();

  constructor(readonly tierCount: number) {}

  add({ models, people }: JudgedByModels): void {
    for (const { annotator, order } of models) {
      const judge = this.#judges.get(annotator) ?? {
        prompts: [],
        withPeople: emptySums(this.tierCount),
        amongPeople: emptySums(this.tierCount),
      };
      this.#judges.set(annotator, judge);
      if (people.length === 0) continue;
      judge.prompts.push({ model: order, people });
      const { annotators, comparisons } = promptAgreement([{ annotator: MODEL, order }, ...people], this.tierCount);
      for (const [first, , sums] of comparisons) {
        addSums(annotators[first] === MODEL ? judge.withPeople : judge.amongPeople, sums);
      }
    }
  }

  measured(): MeasuredJudge[] {
    return [...this.#judges]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([annotator, { prompts, withPeople, amongPeople }]) => ({
        annotator,
        prompts: prompts.length,
        withPeople: judgeFigures(withPeople),
        amongPeople: judgeFigures(amongPeople),
        tests: EPSILONS.flatMap((epsilon) =>
          [true, false].map((countTies) => ({
            epsilon,
            countTies,
            ...alternativeAnnotatorTest(prompts, { epsilon, level: LEVEL, countTies }),
          })),
        ),
      }));
  }
}

function judgeFigures(sums: Sums): JudgeFigures {
  const { tauX, pairAgreement, kappa } = annotatorPairFiguresOf(sums);
  const orderedPairAgreement = orderedPairAgreementOf(sums);
  return { comparisons: sums[at.comparisons]!, tauX, pairAgreement, orderedPairAgreement, kappa };
}
