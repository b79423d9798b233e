import type { Figure, MeasuredAgreement } from './measure-agreement';

const labels: Readonly<Record<string, string>> = {
  tauX: 'tau_x',
  tauB: 'tau_b',
  nominal: 'alpha, nominal',
  ordinal: 'alpha, ordinal',
  interval: 'alpha, interval',
  pairAgreement: 'pairs agreed on',
  sameTier: 'same tier',
  concordance: "Kendall's W",
};

/** What people read on a terminal. */
export function agreementTable({
  prompts,
  annotations,
  annotators,
  tiers,
  comparisons,
  project,
  pairs,
  over_time: overTime,
}: MeasuredAgreement): string {
  const sections = [
    [
      `${annotations} annotations of ${prompts} prompts by ${annotators.length} annotators who share some, in ${tiers} tiers: ${comparisons} comparisons`,
    ],
    rowsOf(
      Object.entries(project).map(([name, figure]) => [
        labels[name]!,
        shownValue(figure),
        figure.words ?? shownInterval(figure),
      ]),
    ),
    rowsOf([
      ['annotator', 'prompts', 'comparisons', 'tau_x', '95 %', 'same tier', 'alpha'],
      ...annotators.map(({ annotator, prompts: own, comparisons: compared, figures }) => [
        annotator,
        String(own),
        String(compared),
        shownValue(figures.tauX!),
        shownInterval(figures.tauX!),
        shownValue(figures.sameTier!),
        shownValue(figures.ordinal!),
      ]),
    ]),
    rowsOf([
      ['two annotators', 'comparisons', 'tau_x', '95 %', 'kappa', 'same tier', 'alpha'],
      ...pairs.map(({ first, second, comparisons: compared, figures }) => [
        `${first}, ${second}`,
        String(compared),
        shownValue(figures.tauX!),
        shownInterval(figures.tauX!),
        shownValue(figures.kappa!),
        shownValue(figures.sameTier!),
        shownValue(figures.ordinal!),
      ]),
    ]),
    overTime.length === 0
      ? []
      : rowsOf([
          ['last judged', 'comparisons', 'tau_x', 'alpha'],
          ...overTime.map(({ bucket, comparisons: compared, figures }) => [
            bucket,
            String(compared),
            shownValue(figures.tauX!),
            shownValue(figures.ordinal!),
          ]),
        ]),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

export const shownValue = ({ value }: Figure): string => (value === null ? '–' : value.toFixed(3));
export const shownInterval = ({ interval }: Figure): string =>
  interval ? `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}` : '';

/** Rows in columns as wide as their widest cell. */
function rowsOf(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
