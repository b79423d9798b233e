import type { MeasuredAgreement, PrintedFigure } from './measure-agreement';
import type { MeasuredConsensus } from './measure-consensus';
import type { MeasuredJudge, TestRow } from './measure-judge';

/** A part of a report: rows in columns, under a sentence that says what they are. */
export interface ReportSection {
  readonly title: string;
  readonly note?: string;
  /** The first row names the columns. */
  readonly rows: readonly (readonly string[])[];
}

export type Measured = MeasuredAgreement & { readonly consensus: MeasuredConsensus; readonly judge?: MeasuredJudge };

export const figureNames: Readonly<Record<string, string>> = {
  tauX: 'tau_x',
  tauB: 'tau_b',
  nominal: 'alpha, nominal',
  ordinal: 'alpha, ordinal',
  interval: 'alpha, interval',
  pairAgreement: 'pairs agreed on',
  sameTier: 'same tier',
  concordance: "Kendall's W",
};

/** What was measured, as people read it: on a terminal and in a report alike. */
export function sectionsOf({ consensus, judge, ...agreement }: Measured): ReportSection[] {
  const { project, annotators, pairs, over_time: overTime } = agreement;
  const sections: ReportSection[] = [
    {
      title: 'Agreement',
      note: `${agreement.annotations} annotations of ${agreement.prompts} prompts in ${agreement.tiers} tiers; ${agreement.comparisons} comparisons of two annotators on one prompt.`,
      rows: [
        ['figure', 'value', '95 %'],
        ...Object.entries(project).map(([name, figure]) => [
          figureNames[name]!,
          shownValue(figure),
          figure.words ?? shownInterval(figure),
        ]),
      ],
    },
    {
      title: 'Annotators',
      note: 'Each with all others; reliability is how probably he or she gives the true tier, by Dawid and Skene.',
      rows: [
        ['annotator', 'prompts', 'comparisons', 'tau_x', '95 %', 'same tier', 'alpha', 'reliability'],
        ...annotators.map(({ annotator, prompts, comparisons, figures }) => [
          annotator,
          String(prompts),
          String(comparisons),
          shownValue(figures.tauX!),
          shownInterval(figures.tauX!),
          shownValue(figures.sameTier!),
          shownValue(figures.ordinal!),
          consensus.reliability.find((one) => one.annotator === annotator)?.reliability.toFixed(3) ?? '–',
        ]),
      ],
    },
    {
      title: 'Two annotators',
      rows: [
        ['annotators', 'comparisons', 'tau_x', '95 %', 'kappa', 'same tier', 'alpha'],
        ...pairs.map(({ first, second, comparisons, figures }) => [
          `${first}, ${second}`,
          String(comparisons),
          shownValue(figures.tauX!),
          shownInterval(figures.tauX!),
          shownValue(figures.kappa!),
          shownValue(figures.sameTier!),
          shownValue(figures.ordinal!),
        ]),
      ],
    },
    {
      title: 'Over time',
      rows: [
        ['last judged', 'comparisons', 'tau_x', 'alpha'],
        ...overTime.map(({ bucket, comparisons, figures }) => [
          bucket,
          String(comparisons),
          shownValue(figures.tauX!),
          shownValue(figures.ordinal!),
        ]),
      ],
    },
    {
      title: 'Consensus',
      note: `Quorum ${consensus.rule.quorum}, at most ${consensus.rule.max_against} against. Kemeny's median orders have a mean tau_x of ${shownValue(consensus.median.tau_x)} to the annotators; on ${consensus.median.ambiguous} prompts several are equally good, on ${consensus.median.approximate} they are approximate.`,
      rows: [
        ['pairs', 'number'],
        ...Object.entries(consensus.pairs).map(([outcome, count]) => [outcome, String(count)]),
      ],
    },
    {
      title: 'Sources',
      note:
        consensus.tie.words === undefined
          ? `Davidson's strengths add up to 1 (tie ${shownValue(consensus.tie)}). Their standard errors take comparisons for independent, which those of one prompt are not; the intervals of win rates do not. Rao and Kupper's model takes a tie as a difference too small to tell.`
          : `No strengths: ${consensus.tie.words}.`,
      rows: [
        ['source', 'wins', 'losses', 'ties', 'win rate', '95 %', 'strength', 'error of its log', 'by Rao and Kupper'],
        ...consensus.sources.map((one) => [
          one.source,
          String(one.wins),
          String(one.losses),
          String(one.ties),
          shownValue(one.win_rate),
          shownInterval(one.win_rate),
          one.worth?.toFixed(3) ?? '–',
          one.log_standard_error?.toFixed(3) ?? '–',
          one.rao_kupper_worth?.toFixed(3) ?? '–',
        ]),
      ],
    },
    ...(judge ? [judgeSection(judge)] : []),
  ];
  return sections.filter(({ rows }) => rows.length > 1);
}

function judgeSection({ judge, epsilon, comparisons, tau_x: tauX, ...tests }: MeasuredJudge): ReportSection {
  const verdict = ({ winning_rate: rate, may_stand_in: may }: TestRow) =>
    may === null ? `undefined (${rate.words})` : `${may ? 'yes' : 'no'} (winning rate ${shownValue(rate)})`;
  const rows = (name: string, { people }: TestRow) =>
    people.map(({ annotator, prompts, advantage, p, won }) => [
      annotator,
      name,
      String(prompts),
      shownValue(advantage),
      p.words ?? (p.value! < 0.0005 ? '< 0.001' : shownValue(p)),
      won ? 'yes' : 'no',
    ]);
  return {
    title: `${judge} as an annotator`,
    note: `Mean tau_x with people ${shownValue(tauX)} (95 % ${shownInterval(tauX)}) over ${comparisons} comparisons. May it stand in for a person, at epsilon ${epsilon}? With ties: ${verdict(tests.with_ties)}; without: ${verdict(tests.without_ties)}.`,
    rows: [
      ['in place of', 'ties', 'prompts', 'as good or better', 'p', 'won'],
      ...rows('count', tests.with_ties),
      ...rows('left out', tests.without_ties),
    ],
  };
}

const shownValue = ({ value }: PrintedFigure): string => (value === null ? '–' : value.toFixed(3));
const shownInterval = ({ interval }: PrintedFigure): string =>
  interval ? `${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}` : '';

/** For a terminal: rows in columns as wide as their widest cell. */
export const asText = (sections: readonly ReportSection[]): string =>
  sections
    .map(({ title, note, rows }) => {
      const widths = rows[0]!.map((_, i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), 0));
      const lines = rows.map((row) =>
        row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd(),
      );
      return [title, ...(note === undefined ? [] : [note]), ...lines.map((line) => `  ${line}`), ''].join('\n');
    })
    .join('\n');

const cellText = (text: string) => text.replaceAll('|', '\\|').replaceAll('_', '\\_');

/** For a page of Markdown. */
export const asMarkdown = ({ title, note, rows: [head, ...rows] }: ReportSection): string =>
  [
    `## ${title}`,
    '',
    ...(note === undefined ? [] : [note.replaceAll('_', '\\_'), '']),
    `| ${head!.map(cellText).join(' | ')} |`,
    `|${head!.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row.map(cellText).join(' | ')} |`),
    '',
  ].join('\n');
