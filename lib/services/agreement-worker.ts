/**
 * The thread that measures a project's agreement and work, which takes seconds where a project is large; cli/build.mjs
 * bundles it. It makes contributions of judged prompts, takes all contributions in import order, and answers the last
 * message with what they add up to.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { ContributedFigures, type Contribution, contributionOf, type Measured } from '@/lib/ranking/contribution';
import { type JudgedByModels, type MeasuredJudge, ModelJudges } from '@/lib/ranking/model-judges';
import { type StudyOptions, toFigure } from '@/lib/ranking/study';
import type { WorkedPrompt } from '@/lib/ranking/work/work-study';
import type { AgreementReport, JudgeFigures, ModelJudge } from '@/lib/schemas/agreement';

export type AgreementInput =
  | { contributionsOf: readonly WorkedPrompt[] }
  | { add: readonly string[] }
  | { judged: readonly JudgedByModels[] }
  | { finish: { seed: number; resamples: number } };

export interface MeasuredInThread extends Pick<Measured, 'work'> {
  report: AgreementReport;
}

const options = workerData as StudyOptions;
const figures = new ContributedFigures(options);
const judges = new ModelJudges(options.tierCount);

function answer(input: AgreementInput): unknown {
  if ('contributionsOf' in input) {
    return input.contributionsOf.map((prompt) => JSON.stringify(contributionOf(prompt, options)));
  }
  if ('finish' in input) {
    const { report, work } = figures.measured(input.finish);
    return { report: { ...report, judges: judges.measured().map(toModelJudge) }, work } satisfies MeasuredInThread;
  }
  if ('judged' in input) {
    for (const prompt of input.judged) judges.add(prompt);
    return 'next';
  }
  for (const one of input.add) figures.add(JSON.parse(one) as Contribution);
  // Asks for the next page, so that no more than one waits.
  return 'next';
}

function toModelJudge({ annotator, prompts, withPeople, amongPeople, tests }: MeasuredJudge): ModelJudge {
  return {
    annotatorId: annotator,
    prompts,
    withPeople: toFigures(withPeople),
    amongPeople: toFigures(amongPeople),
    tests: tests.map(({ winningRate, advantage, people, ...test }) => ({
      ...test,
      winningRate: toFigure(winningRate),
      advantage: toFigure(advantage),
      people: people.map(({ annotator: annotatorId, advantage: own, pValue, ...person }) => ({
        annotatorId,
        advantage: toFigure(own),
        pValue: toFigure(pValue),
        ...person,
      })),
    })),
  };
}

const toFigures = ({
  comparisons,
  tauX,
  pairAgreement,
  orderedPairAgreement,
  kappa,
}: MeasuredJudge['withPeople']): JudgeFigures => ({
  comparisons,
  tauX: toFigure(tauX),
  pairAgreement: toFigure(pairAgreement),
  orderedPairAgreement: toFigure(orderedPairAgreement),
  kappa: toFigure(kappa),
});

parentPort!.on('message', (input: AgreementInput) => parentPort!.postMessage(answer(input)));
