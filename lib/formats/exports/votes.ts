/** For those who study the annotators: the ledger, one row a pair with what became of it, and each vote of it as a row. */
import type { SnapshotRecord } from '@/trainer/contract/record';
import { field } from './columns';
import type { Exporter, RowContext } from './exporter';

interface LedgerEntry {
  readonly better: string;
  readonly worse: string;
  readonly outcome: string;
  readonly margin: number | null;
  readonly support: readonly string[];
  readonly against: readonly string[];
}

/** A record's pairs, then those that consensus left out, as far as the snapshot lists them. */
const entries = (record: SnapshotRecord, { droppedOf, nameOf }: RowContext): LedgerEntry[] => [
  ...record.pairs.map(({ chosen, rejected, margin, support, against }) => ({
    better: chosen,
    worse: rejected,
    outcome: 'kept',
    margin,
    support: support.map(nameOf),
    against: against.map(nameOf),
  })),
  ...droppedOf(record.id).map(({ better, worse, reason, support, against }) => ({
    better,
    worse,
    outcome: reason,
    margin: null,
    support: support.map(nameOf),
    against: against.map(nameOf),
  })),
];

const outcome = field(
  'outcome',
  'string',
  'kept, or why consensus left it out: contradicted, unsupported, cycle, conflict',
);
const pairFields = [
  field('prompt_id', 'string', "the prompt's id in the project"),
  field('better', 'string', 'the id of the response that most prefer'),
  field('worse', 'string', 'the id of the other one'),
  outcome,
];

export const ledger: Exporter = {
  unit: 'pair',
  container: 'jsonl',
  columns: [],
  defaults: [],
  namesPeople: true,
  fields: () => [
    ...pairFields,
    field('margin', 'number', 'tiers between the two; null where the pair was left out'),
    field('support', { list: 'string' }, 'the annotators who prefer the better one'),
    field('against', { list: 'string' }, 'the annotators who prefer the worse one'),
  ],
  rows: (record, context) =>
    entries(record, context).map(({ better, worse, outcome, margin, support, against }) => ({
      prompt_id: record.id,
      better,
      worse,
      outcome,
      margin,
      support,
      against,
    })),
  usage: () =>
    '`pandas.read_json("train.jsonl", lines=True)`. “decision” among the annotators is a reviewer’s decision.',
};

export const votes: Exporter = {
  unit: 'vote',
  container: 'csv',
  columns: [],
  defaults: [],
  namesPeople: true,
  fields: () => [
    ...pairFields,
    field('annotator', 'string', 'who judged the pair'),
    field('vote', 'string', 'for: prefers the better one; against: prefers the worse one'),
  ],
  rows: (record, context) =>
    entries(record, context).flatMap(({ better, worse, outcome, support, against }) => {
      const pair = { prompt_id: record.id, better, worse, outcome };
      return [
        ...support.map((annotator) => ({ ...pair, annotator, vote: 'for' })),
        ...against.map((annotator) => ({ ...pair, annotator, vote: 'against' })),
      ];
    }),
  usage: () =>
    '`pandas.read_csv("train.csv", keep_default_na=False)`, or R’s `read.csv`. Those who tie a pair are not in it: the project’s own ledger (Agreement → Ledger) has them.',
};
