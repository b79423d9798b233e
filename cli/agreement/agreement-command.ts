import type { ReadAnnotation } from '../../lib/formats/read-annotations';
import {
  type Command,
  CommandError,
  checkOutputPath,
  formatsHelp,
  numberOf,
  oneOf,
  parseOptions,
  required,
  wholeNumberOf,
} from '../../trainer/cli/command-line';
import { writeFileAtomic } from '../../trainer/io/model-folder';
import { type Bucket, buckets, measureAgreement } from './measure-agreement';
import { measureConsensus } from './measure-consensus';
import { measureJudge } from './measure-judge';
import { readAnnotationsOf, ruleOf, tierCountOf } from './read-options';
import { asText, type Measured, sectionsOf } from './report-sections';
import { writeReport } from './write-report';

const help = `rescue agreement --data FILE [options]

How far annotators agree, from the app's export of annotations. Of two annotators those responses count that both placed
in a tier: "can't judge" and not judged are gaps, never ties. tau_x (Emond and Mason) is the headline, since it takes a
tie as a statement; beside it tau_b, Krippendorff's alpha on tiers, Kendall's W corrected for ties, the share of pairs of
which two say the same (better, worse or tied), Cohen's kappa on those, and the share of responses in the same tier. For the
project, each annotator, each two annotators, and over time; with 95 % bootstrap intervals by prompt. What is undefined
says why; an interval is null where fewer than two prompts say anything. Then the consensus: pairs kept and dropped,
Kemeny's median order with ties (exact up to 12 responses), the reliability of annotators (Dawid and Skene), and which
source is preferred (win rates, Davidson's strengths). Responses with equal texts, which the app ties for everybody, count
as the export has them; so do gold prompts.

  --data FILE       the export of a project's annotations; needed of a line are prompt, annotator and placements
  --out FILE        one JSON line a prompt: Kemeny's median order, the probability of each response's tiers, and the ledger
                    (each pair, what became of it, who supports and who contradicts it)
  --report FILE.md  a page with tables, and plots as SVG beside it
  --quorum N        of the consensus: how many must prefer a response (default: majority of those who judged both)
  --max-against N   how many may prefer the other (default 0)
  --judge NAME      an annotator that is a model: the figures above leave it out. Whether it may stand in for a person is
                    asked by the alternative annotator test (arXiv 2501.10970), with ties and without
  --epsilon X       of that test, what a person costs more: 0.2 beside experts, 0.15 beside trained people, 0.1 (default)
                    beside crowd workers
  --tiers N         tiers of the project (default: as many as the file uses)
  --by day|month    buckets of time (default month)
  --seed N          of the bootstrap (default 0)
  --resamples N     of the bootstrap (default 1000)
  --json            the JSON object on a terminal, too
${formatsHelp}`;

export const agreementCommand: Command = {
  summary: 'how far annotators agree and what they agree on, from an export of annotations',
  help,
  async run(argv, io) {
    const { data, out, report, json, judge: judgeName, tiers, rule, ...measuring } = readOptions(argv);
    if (out !== undefined) await checkOutputPath(out, 'file');
    const all = await readAnnotationsOf(data);
    const { people, judge } = apart(all, judgeName, data);
    const options = { ...measuring, tierCount: tierCountOf(all, tiers, data) };
    const consensus = measureConsensus(people, { ...options, rule });
    const measured: Measured = {
      ...measureAgreement(people, options),
      consensus: consensus.measured,
      ...(judge.length > 0 ? { judge: measureJudge(people, judge, options) } : {}),
    };
    if (out !== undefined) {
      await writeFileAtomic(out, consensus.prompts.map((prompt) => `${JSON.stringify(prompt)}\n`).join(''));
    }
    if (report !== undefined) await writeReport(report, measured);
    io.stdout(io.terminal && !json ? asText(sectionsOf(measured)) : `${JSON.stringify(measured)}\n`);
    return 0;
  },
};

function readOptions(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const values = parseOptions(argv, {
    data: text,
    out: text,
    report: text,
    quorum: text,
    'max-against': text,
    judge: text,
    epsilon: text,
    tiers: text,
    by: text,
    seed: text,
    resamples: text,
    json: { type: 'boolean' },
  });
  const { out, report, json, judge } = values;
  if (report !== undefined && !report.endsWith('.md')) throw new CommandError(`--report ${report}: must end in .md`, 2);
  const epsilon = numberOf(values.epsilon, '--epsilon') ?? 0.1;
  if (epsilon < 0 || epsilon > 1) throw new CommandError(`--epsilon is ${epsilon}; it may be 0 to 1`, 2);
  const bucket: Bucket = oneOf(values.by, '--by', buckets) ?? 'month';
  return {
    data: required(values.data, '--data'),
    out,
    report,
    json,
    judge,
    epsilon,
    bucket,
    rule: ruleOf(values),
    tiers: wholeNumberOf(values.tiers, '--tiers'),
    seed: numberOf(values.seed, '--seed') ?? 0,
    resamples: wholeNumberOf(values.resamples, '--resamples') ?? 1000,
  };
}

/** The model's annotations and the others; the model is given by name or id. */
function apart(all: readonly ReadAnnotation[], judgeName: string | undefined, file: string) {
  const isJudge = ({ annotator: { id, name } }: ReadAnnotation) => judgeName === id || judgeName === name;
  const [judge, people] = [all.filter(isJudge), all.filter((one) => !isJudge(one))];
  const judges = new Set(judge.map(({ annotator }) => annotator.id)).size;
  if (judgeName !== undefined && judges !== 1) {
    const found = judges === 0 ? 'no annotator has that name' : `${judges} annotators have that name; give the id`;
    throw new CommandError(`--judge ${judgeName}: ${found} in ${file}`);
  }
  return { people, judge };
}
