import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Interval } from '../../lib/ranking/statistic';
import { GOAL, type MeasuredReplay } from './measure-replay';
import { curvePlot } from './plots';
import type { Order } from './replay-study';
import { asMarkdown, type ReportSection } from './report-sections';

const orderNames: Readonly<Record<Order, string>> = {
  certainty: 'least certain first',
  change: 'greatest expected change first',
  disagreement: 'most disagreed first',
  random: 'random',
};

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const range = (interval: Interval) => (interval ? `${percent(interval[0])} to ${percent(interval[1])}` : '–');

export function replaySections(replay: MeasuredReplay): ReportSection[] {
  const {
    orders,
    of_random: ofRandom,
    hindsight,
    thresholds,
    fixed,
    first_two_agree: two,
    guess,
    calibration,
  } = replay;
  const row = (name: string, point: (typeof thresholds)[number] | (typeof fixed)[number] | typeof two) => [
    name,
    percent(point.judgements),
    range(point.judgements_interval),
    percent(point.pairs),
    range(point.pairs_interval),
  ];
  return [
    {
      title: `Judgements needed for ${percent(GOAL)} of the pairs`,
      note: `${replay.judgements} judgements of ${replay.prompts} prompts in ${replay.tiers} tiers, asked for one after the other in ${replay.repeats} random orders. A share of all judgements; least certain first needs ${percent(ofRandom.value)} (${range(ofRandom.interval)}) of what random needs. Somebody who knew the full vote would need ${percent(hindsight)}.`,
      rows: [
        ['who is asked about next', 'judgements', '95 %'],
        ...orders.map(({ order, needed, interval }) => [orderNames[order], percent(needed), range(interval)]),
      ],
    },
    {
      title: 'When to stop',
      note: 'Prompts that are certain enough are closed, everything else is judged to the end; beside it the same number for every prompt, and everything to the end except where the first two say the same.',
      rows: [
        ['stops', 'judgements', '95 %', 'pairs as in the full vote', '95 %'],
        ...thresholds.map((one) => row(`at a certainty of ${percent(one.certainty)}`, one)),
        row(`at ${percent(guess.certainty)}, nothing known of people`, guess),
        ...fixed.map((one) => row(`after ${one.overlap}`, one)),
        row('when the first two say the same', two),
      ],
    },
    {
      title: 'Calibration',
      note: 'What was said of prompts before more judgements came, and the share of their pairs that did stay. A prompt counts once for each number of judgements.',
      rows: [
        ['certainty', 'prompts', 'said', 'held', '95 %'],
        ...calibration.map(({ from, prompts, said, held, interval }) => [
          `from ${percent(from)}`,
          String(prompts),
          percent(said),
          percent(held),
          range(interval),
        ]),
      ],
    },
  ];
}

/** Writes a page of Markdown, and its plot beside it. @param path ends in .md */
export async function writeReplay(path: string, replay: MeasuredReplay): Promise<void> {
  const stem = path.slice(0, -'.md'.length);
  const title = 'Pairs as in the full vote, by judgements asked for';
  const plot = curvePlot(
    title,
    { x: 'share of judgements', y: 'share of pairs' },
    replay.orders.map(({ order, curve }) => ({
      label: orderNames[order],
      points: curve.map(({ judgements, pairs }) => ({ x: judgements, y: pairs })),
    })),
  );
  const [first, ...rest] = replaySections(replay).map(asMarkdown);
  const picture = `![${title}](${basename(stem)}.svg)\n`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${stem}.svg`, plot);
  await writeFile(path, `${[`# ${basename(stem)}`, '', first, picture, ...rest].join('\n').trimEnd()}\n`);
}
