import {
  type Command,
  CommandError,
  numberOf,
  parseOptions,
  required,
  wholeNumberOf,
} from '../../trainer/cli/command-line';
import { measureReplay } from './measure-replay';
import { readAnnotationsOf, ruleOf, tierCountOf } from './read-options';
import { replaySections, writeReplay } from './replay-report';
import { asText } from './report-sections';

const help = `rescue replay --data FILE [options]

How many judgements an adaptive project would have needed, from the app's export of annotations of a finished one. Its
judgements are asked for one after the other, in random order, and nothing is known of those that were not asked for. At
each moment the consensus of what is there is compared with that of all: the share of pairs that are kept, turned round or
left out alike. Said are the judgements needed for 98 % of the pairs when the least certain prompt is asked about next,
beside the greatest expected change, most disagreement, and chance; what thresholds of certainty, equal numbers for every
prompt, and stopping when the first two agree come to; and how far the certainty holds. Intervals are 95 %, by the bootstrap
over prompts.

  --data FILE       the export of a project's annotations, each prompt judged by as many as the full vote has
  --report FILE.md  a page with tables, and a plot as SVG beside it
  --quorum N        of the consensus: how many must prefer a response (default: majority of those who judged both)
  --max-against N   how many may prefer the other (default 0)
  --at-least N      judgements of each prompt before any is asked about again (default 1)
  --sample PERCENT  of the prompts, judged by everybody first, so that people's reliability is known (default 5)
  --repeats N       random orders of each prompt's judgements (default 1)
  --tiers N         tiers of the project (default: as many as the file uses)
  --seed N          of the orders and the bootstrap (default 0)
  --resamples N     of the bootstrap (default 1000)
  --json            the JSON object on a terminal, too
`;

export const replayCommand: Command = {
  summary: 'how many judgements a project would have needed if the least certain prompts came first',
  help,
  async run(argv, io) {
    const { data, report, json, tiers, ...options } = readOptions(argv);
    const annotations = await readAnnotationsOf(data);
    const measured = measureReplay(annotations, { ...options, tierCount: tierCountOf(annotations, tiers, data) });
    if (report !== undefined) await writeReplay(report, measured);
    io.stdout(io.terminal && !json ? asText(replaySections(measured)) : `${JSON.stringify(measured)}\n`);
    return 0;
  },
};

function readOptions(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const values = parseOptions(argv, {
    data: text,
    report: text,
    quorum: text,
    'max-against': text,
    'at-least': text,
    sample: text,
    repeats: text,
    tiers: text,
    seed: text,
    resamples: text,
    json: { type: 'boolean' },
  });
  const { report, json } = values;
  if (report !== undefined && !report.endsWith('.md')) throw new CommandError(`--report ${report}: must end in .md`, 2);
  const samplePercent = numberOf(values.sample, '--sample') ?? 5;
  if (!(samplePercent >= 0 && samplePercent <= 100)) {
    throw new CommandError(`--sample is "${values.sample}"; it may be 0 to 100`, 2);
  }
  return {
    data: required(values.data, '--data'),
    report,
    json,
    rule: ruleOf(values),
    atLeast: wholeNumberOf(values['at-least'], '--at-least') ?? 1,
    samplePercent,
    repeats: wholeNumberOf(values.repeats, '--repeats') ?? 1,
    tiers: wholeNumberOf(values.tiers, '--tiers'),
    seed: numberOf(values.seed, '--seed') ?? 0,
    resamples: wholeNumberOf(values.resamples, '--resamples') ?? 1000,
  };
}
