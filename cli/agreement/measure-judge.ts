import type { ReadAnnotation } from '../../lib/formats/read-annotations';
import { ProjectAgreement, promptAgreement } from '../../lib/ranking/agreement';
import {
  type AlternativeAnnotatorTest,
  alternativeAnnotatorTest,
  type ComparedPrompt,
} from '../../lib/ranking/alternative-annotator';
import {
  annotatorNames,
  byPrompt,
  type MeasureOptions,
  orderOf,
  type PrintedFigure,
  printedFigure,
} from './measure-agreement';

/** An annotator that is a model, beside the people. */
export interface MeasuredJudge {
  readonly judge: string;
  readonly epsilon: number;
  /** Comparisons with people, and their mean tau_x. */
  readonly comparisons: number;
  readonly tau_x: PrintedFigure;
  readonly with_ties: TestRow;
  readonly without_ties: TestRow;
}
export interface TestRow {
  readonly winning_rate: PrintedFigure;
  /** From a winning rate of a half on the model may stand in; null where that is undefined. */
  readonly may_stand_in: boolean | null;
  readonly advantage: PrintedFigure;
  readonly people: readonly {
    annotator: string;
    prompts: number;
    advantage: PrintedFigure;
    p: PrintedFigure;
    won: boolean;
  }[];
}

export interface JudgeOptions extends Pick<MeasureOptions, 'tierCount' | 'seed' | 'resamples'> {
  readonly epsilon: number;
}

export function measureJudge(
  people: readonly ReadAnnotation[],
  judge: readonly ReadAnnotation[],
  { tierCount, seed, resamples, epsilon }: JudgeOptions,
): MeasuredJudge {
  const id = judge[0]!.annotator.id;
  const all = [...people, ...judge];
  const nameOf = annotatorNames(all);
  const project = new ProjectAgreement(tierCount);
  for (const own of byPrompt(all).values()) {
    const judgements = own.map((one) => ({ annotator: one.annotator.id, order: orderOf(one) }));
    project.add(promptAgreement(judgements, tierCount));
  }
  const own = project.annotators().find(({ annotator }) => annotator === id);
  const orders = byPrompt(people);
  const prompts = judge.map(
    (one): ComparedPrompt => ({
      model: orderOf(one),
      people: (orders.get(one.prompt) ?? []).map((other) => ({
        annotator: nameOf(other.annotator.id),
        order: orderOf(other),
      })),
    }),
  );
  const test = (countTies: boolean) => testRow(alternativeAnnotatorTest(prompts, { epsilon, level: 0.05, countTies }));
  return {
    judge: nameOf(id),
    epsilon,
    comparisons: own?.comparisons ?? 0,
    tau_x: own
      ? printedFigure(own.tauX, project.intervals({ seed, resamples }).annotators.get(id) ?? null)
      : { value: null, words: 'no prompt was judged by a person and by the model' },
    with_ties: test(true),
    without_ties: test(false),
  };
}

const testRow = ({ winningRate, advantage, people }: AlternativeAnnotatorTest): TestRow => ({
  winning_rate: printedFigure(winningRate),
  may_stand_in: winningRate.value === null ? null : winningRate.value >= 0.5,
  advantage: printedFigure(advantage),
  people: people.map(({ annotator, prompts, advantage: own, pValue, won }) => ({
    annotator,
    prompts,
    advantage: printedFigure(own),
    p: printedFigure(pValue),
    won,
  })),
});
