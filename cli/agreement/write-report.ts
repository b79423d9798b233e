import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { heatMap, intervalPlot, type PlotRow } from './plots';
import { asMarkdown, figureNames, type Measured, sectionsOf } from './report-sections';

/** Writes a page of Markdown, and its plots beside it. @param path ends in .md */
export async function writeReport(path: string, measured: Measured): Promise<void> {
  const plots = plotsOf(measured);
  const stem = path.slice(0, -'.md'.length);
  const page = [
    `# ${basename(stem)}`,
    '',
    ...sectionsOf(measured).map((section) => {
      const plot = plots.get(section.title);
      const picture = plot ? `![${plot.alt}](${basename(stem)}-${plot.name}.svg)\n` : '';
      return [asMarkdown(section), picture].join('\n');
    }),
  ];
  await mkdir(dirname(path), { recursive: true });
  for (const { name, svg } of plots.values()) await writeFile(`${stem}-${name}.svg`, svg);
  await writeFile(path, `${page.join('\n').trimEnd()}\n`);
}

interface Plot {
  readonly name: string;
  readonly alt: string;
  readonly svg: string;
}

/** The plot of each section that has one, by its title. */
function plotsOf({ project, annotators, pairs, consensus }: Measured): Map<string, Plot> {
  const figures = Object.entries(project).flatMap(([name, { value, interval = null }]): PlotRow[] =>
    value === null ? [] : [{ label: figureNames[name]!, value, interval }],
  );
  const lowest = figures.reduce((least, { value, interval }) => Math.min(least, interval?.[0] ?? value), 0);
  const sources = consensus.sources.flatMap(({ source, win_rate: { value, interval = null } }): PlotRow[] =>
    value === null ? [] : [{ label: source, value, interval }],
  );
  const names = annotators.map(({ annotator }) => annotator);
  const between = (row: number, column: number) => {
    const both = [names[row], names[column]];
    const pair = pairs.find(({ first, second }) => both.includes(first) && both.includes(second));
    return pair?.figures.tauX?.value ?? null;
  };
  const plots: [string, string, string, string | null][] = [
    [
      'Agreement',
      'agreement',
      'Agreement with 95 % intervals',
      figures.length > 0 ? intervalPlot('Agreement, with 95 % intervals', figures, [lowest < 0 ? -1 : 0, 1]) : null,
    ],
    [
      'Two annotators',
      'annotators',
      'Mean tau_x of each two annotators',
      names.length > 1 ? heatMap('Mean tau_x of each two annotators', names, between) : null,
    ],
    [
      'Sources',
      'sources',
      'Win rates with 95 % intervals',
      sources.length > 1 ? intervalPlot('Win rate against other sources, with 95 % intervals', sources, [0, 1]) : null,
    ],
  ];
  return new Map(
    plots.flatMap(([title, name, alt, svg]) => (svg === null ? [] : [[title, { name, alt, svg }] as const])),
  );
}
