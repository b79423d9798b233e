/**
 * LLaMA-Factory's preferences in Alpaca's and ShareGPT's fields, with the dataset_info.json that names them:
 * src/llamafactory/data/converter.py at 02e2fb3 and parser.py at 01d3ac6. Its ShareGPT converter skips conversations that
 * do not alternate, so those are left out here and counted.
 */
import type { ChatMessage, SnapshotRecord } from '@/trainer/contract/record';
import { extraColumns } from '../../schemas/export';
import { field, pairColumnFields, pairColumnValues, responseColumnFields, responseColumnValues } from './columns';
import { dataPath, type Exporter, evaluationSplit, type FieldType, type RowContext } from './exporter';
import {
  alternates,
  alternatingMessages,
  asOneText,
  assistant,
  labelledResponses,
  promptMessages,
  splitSystem,
  textPairs,
} from './record-views';

const reader = {
  repository: 'hiyouga/LLaMA-Factory',
  path: 'src/llamafactory/data/converter.py',
  commit: '02e2fb34bf8a79330b080607872fe4565876d0e6',
};

const turnType: FieldType = { struct: { from: 'string', value: 'string' } };

const speakers = { system: 'system', user: 'human', assistant: 'gpt' } as const;
const turn = ({ role, content }: ChatMessage) => ({ from: speakers[role], value: content });

/** dataset_info.json: an entry a split, since LLaMA-Factory names one file an entry. */
const datasetInfo = (exporter: Exporter, splits: readonly string[], entry: Record<string, unknown>) => [
  {
    path: 'dataset_info.json',
    text: `${JSON.stringify(
      Object.fromEntries(
        splits.map((split) => [`rescue_${split}`, { file_name: dataPath(exporter, split), ...entry }]),
      ),
      null,
      2,
    )}\n`,
  },
];

const usage = (stage: string) => (splits: readonly string[]) => {
  const other = evaluationSplit(splits);
  const evaluation = other ? ` --eval_dataset rescue_${other}` : '';
  return `\`\`\`bash
llamafactory-cli train --stage ${stage} --do_train --model_name_or_path MODEL --template TEMPLATE \\
  --dataset_dir . --dataset rescue_train${evaluation} --output_dir OUT
\`\`\``;
};

/** The system text, what was said before as LLaMA-Factory's history, and the question; null where turns do not alternate. */
function alpacaPrompt(record: SnapshotRecord) {
  const { system, turns } = splitSystem(promptMessages(record));
  if (!alternates(turns)) return null;
  const history: [string, string][] = [];
  for (let i = 0; i + 1 < turns.length; i += 2) history.push([turns[i]!.content, turns[i + 1]!.content]);
  return { system, history, instruction: turns.at(-1)!.content };
}

/** A conversation that does not alternate is still told as one text. */
const alpacaFields = (record: SnapshotRecord) => {
  const { system, history, instruction } = alpacaPrompt(record) ?? {
    system: '',
    history: [],
    instruction: asOneText(promptMessages(record)),
  };
  return { instruction, input: '', system, history };
};

const alpacaPromptFields = [
  field('instruction', 'string', 'the last question'),
  field('input', 'string', 'always empty: it would be put behind the instruction'),
  field('system', 'string', 'the system message, or empty'),
  field('history', { list: { list: 'string' } }, 'earlier questions and answers'),
];

export const llamaFactoryAlpaca: Exporter = {
  unit: 'pair',
  container: 'jsonl',
  reader,
  columns: extraColumns,
  defaults: [],
  fields: (columns) => [
    ...alpacaPromptFields,
    field('chosen', 'string', 'the better answer'),
    field('rejected', 'string', 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const prompt = alpacaFields(record);
    return textPairs(record).map((pair) => ({
      ...prompt,
      chosen: pair.chosen.text,
      rejected: pair.rejected.text,
      ...pairColumnValues(record, pair, context),
    }));
  },
  sideFiles: (splits) =>
    datasetInfo(llamaFactoryAlpaca, splits, {
      ranking: true,
      formatting: 'alpaca',
      columns: {
        prompt: 'instruction',
        query: 'input',
        system: 'system',
        history: 'history',
        chosen: 'chosen',
        rejected: 'rejected',
      },
    }),
  usage: usage('dpo'),
};

/** The conversation as turns, or null, noted, where the converter would skip it. */
const shareGptTurns = (record: SnapshotRecord, context: RowContext, rows: number) =>
  alternatingMessages(record, context, rows)?.map(turn) ?? null;

export const llamaFactoryShareGpt: Exporter = {
  unit: 'pair',
  container: 'jsonl',
  reader,
  columns: extraColumns,
  defaults: [],
  fields: (columns) => [
    field('conversations', { list: turnType }, 'the conversation up to the answer'),
    field('chosen', turnType, 'the better answer'),
    field('rejected', turnType, 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const pairs = textPairs(record);
    const conversations = shareGptTurns(record, context, pairs.length);
    if (!conversations) return [];
    return pairs.map((pair) => ({
      conversations,
      chosen: turn(assistant(pair.chosen.text)),
      rejected: turn(assistant(pair.rejected.text)),
      ...pairColumnValues(record, pair, context),
    }));
  },
  sideFiles: (splits) =>
    datasetInfo(llamaFactoryShareGpt, splits, {
      ranking: true,
      formatting: 'sharegpt',
      columns: { messages: 'conversations', chosen: 'chosen', rejected: 'rejected' },
    }),
  usage: usage('dpo'),
};

export const llamaFactoryKto: Exporter = {
  unit: 'response',
  container: 'jsonl',
  reader,
  columns: ['prompt_id', 'sources', 'split'],
  defaults: [],
  fields: (columns) => [
    field('conversations', { list: turnType }, 'the conversation with its answer'),
    field('kto_tag', 'boolean', 'true: the answer wins pairs and loses none; false: the reverse'),
    ...responseColumnFields(columns),
  ],
  rows: (record, context) => {
    const labelled = labelledResponses(record, context);
    const conversation = shareGptTurns(record, context, labelled.length);
    if (!conversation) return [];
    return labelled.map(({ response, isGood }) => ({
      conversations: [...conversation, turn(assistant(response.text))],
      kto_tag: isGood,
      ...responseColumnValues(record, response, context),
    }));
  },
  sideFiles: (splits) =>
    datasetInfo(llamaFactoryKto, splits, {
      formatting: 'sharegpt',
      columns: { messages: 'conversations', kto_tag: 'kto_tag' },
    }),
  usage: usage('kto'),
};
