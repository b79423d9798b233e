import {
  offeredRules,
  Study,
  type StudyContribution,
  type StudyOptions,
  type StudyReport,
  studyContribution,
} from './study';
import {
  type MeasuredWork,
  type WorkContribution,
  type WorkedPrompt,
  WorkStudy,
  workContribution,
} from './work/work-study';

/**
 * What one judged prompt adds to all that is measured of its project. It is computed anew when the prompt changes and kept
 * as JSON, and figures are made from such contributions alone: so they are the same whatever changed before, and in
 * whichever order.
 */
export interface Contribution {
  readonly study: StudyContribution | null;
  readonly work: WorkContribution;
}

/** To be raised when contributions come to hold, or mean, something else: then all are computed anew. */
const FORMAT = 1;

/** Stands for how contributions are computed; those of another basis do not go together with them. */
export const contributionBasis = ({ tierCount, rule }: StudyOptions): string =>
  JSON.stringify([FORMAT, tierCount, offeredRules(rule).map(({ quorum, maxAgainst }) => [quorum, maxAgainst])]);

export const contributionOf = (prompt: WorkedPrompt, options: StudyOptions): Contribution => ({
  study: studyContribution(prompt, options),
  work: workContribution(prompt),
});

export interface Measured {
  report: StudyReport;
  work: MeasuredWork;
}

/** All that is measured of a project, from its prompts' contributions in import order. */
export class ContributedFigures {
  readonly #study: Study;
  readonly #work = new WorkStudy();

  constructor(options: StudyOptions) {
    this.#study = new Study(options);
  }

  add({ study, work }: Contribution): void {
    if (study) this.#study.add(study);
    this.#work.add(work);
  }

  measured(options: { seed: number; resamples: number }): Measured {
    return { report: this.#study.report(options), work: this.#work.measured() };
  }
}
