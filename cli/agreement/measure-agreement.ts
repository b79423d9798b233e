import type { ReadAnnotation } from '../../lib/formats/read-annotations';
import {
  type AgreementIntervals,
  namedFigures,
  ProjectAgreement,
  pairKey,
  promptAgreement,
} from '../../lib/ranking/agreement';
import type { Interval, Statistic } from '../../lib/ranking/statistic';
import { type WeakOrder, weakOrder } from '../../lib/ranking/tiers';
import { inEnglish } from '../../trainer/contract/english';
import type { Resampling } from '../../trainer/data/resample';

export const buckets = ['day', 'month'] as const;
export type Bucket = (typeof buckets)[number];

/** A figure as it is printed: `value` is null where it is undefined, and `words` then say why. */
export interface PrintedFigure {
  readonly value: number | null;
  readonly interval?: Interval;
  readonly words?: string;
}
type Figures = Readonly<Record<string, PrintedFigure>>;

export interface MeasuredAgreement {
  readonly prompts: number;
  readonly annotations: number;
  readonly tiers: number;
  readonly comparisons: number;
  readonly project: Figures;
  readonly annotators: readonly { annotator: string; prompts: number; comparisons: number; figures: Figures }[];
  readonly pairs: readonly { first: string; second: string; comparisons: number; figures: Figures }[];
  readonly over_time: readonly { bucket: string; comparisons: number; figures: Figures }[];
}

export interface MeasureOptions extends Resampling {
  readonly tierCount: number;
  readonly bucket: Bucket;
}

export function measureAgreement(
  annotations: readonly ReadAnnotation[],
  { tierCount, bucket, seed, resamples }: MeasureOptions,
): MeasuredAgreement {
  const project = new ProjectAgreement(tierCount);
  const prompts = byPrompt(annotations);
  for (const own of prompts.values()) {
    const judgements = own.map((one) => ({ annotator: one.annotator.id, order: orderOf(one), at: one.at }));
    project.add(promptAgreement(judgements, tierCount));
  }
  const intervals = project.intervals({ seed, resamples });
  const nameOf = annotatorNames(annotations);
  const { comparisons, ...figures } = project.figures();
  return {
    prompts: prompts.size,
    annotations: annotations.length,
    tiers: tierCount,
    comparisons,
    project: withIntervals(namedFigures(figures), intervals),
    annotators: project.annotators().map(({ annotator, comparisons: own, alpha, ...rest }) => ({
      annotator: nameOf(annotator),
      prompts: annotations.filter((one) => one.annotator.id === annotator).length,
      comparisons: own,
      figures: {
        ...printed({ ...rest, ...alpha }),
        tauX: printedFigure(rest.tauX, intervals.annotators.get(annotator)),
      },
    })),
    pairs: project.pairs().map(({ first, second, comparisons: own, alpha, ...rest }) => ({
      first: nameOf(first),
      second: nameOf(second),
      comparisons: own,
      figures: {
        ...printed({ ...rest, ...alpha }),
        tauX: printedFigure(rest.tauX, intervals.pairs.get(pairKey(first, second))),
      },
    })),
    over_time: project
      .overTime((time) => new Date(time).toISOString().slice(0, bucket === 'day' ? 10 : 7))
      .map(({ bucket: name, comparisons: own, ...rest }) => ({
        bucket: name,
        comparisons: own,
        figures: printed(namedFigures(rest)),
      })),
  };
}

export function byPrompt(annotations: readonly ReadAnnotation[]): Map<string, ReadAnnotation[]> {
  const groups = new Map<string, ReadAnnotation[]>();
  for (const one of annotations) {
    const group = groups.get(one.prompt);
    if (group) group.push(one);
    else groups.set(one.prompt, [one]);
  }
  return groups;
}

export const orderOf = ({ placements }: Pick<ReadAnnotation, 'placements'>): WeakOrder =>
  weakOrder(placements.map(({ response, state, tier }) => ({ responseId: response, state, tier })));

/** Annotators by name; where two have the same, by name and id. */
export function annotatorNames(annotations: readonly ReadAnnotation[]): (id: string) => string {
  const names = new Map(annotations.map(({ annotator }) => [annotator.id, annotator.name]));
  const uses = (name: string) => [...names.values()].filter((other) => other === name).length;
  const shown = new Map([...names].map(([id, name]) => [id, uses(name) === 1 ? name : `${name} (${id})`]));
  return (id) => shown.get(id)!;
}

export const printedFigure = (statistic: Statistic, interval?: Interval): PrintedFigure => ({
  value: statistic.value,
  ...(interval === undefined ? {} : { interval }),
  ...(statistic.value === null ? { words: inEnglish(statistic.reason) } : {}),
});

const printed = (statistics: Readonly<Record<string, Statistic>>): Figures =>
  Object.fromEntries(Object.entries(statistics).map(([name, statistic]) => [name, printedFigure(statistic)]));

const withIntervals = (statistics: ReturnType<typeof namedFigures>, { figures }: AgreementIntervals): Figures =>
  Object.fromEntries(
    Object.entries(statistics).map(([name, statistic]) => [
      name,
      printedFigure(statistic, figures[name as keyof typeof figures]),
    ]),
  );
