/**
 * Axolotl's prompt strategies, below src/axolotl/prompt_strategies: dpo/chat_template.py and dpo/zephyr.py at 1377ccc,
 * dpo/chatml.py at 0a66198, bradley_terry/chat_template.py at 0ae4e4a.
 */
import type { SnapshotRecord } from '@/trainer/contract/record';
import { extraColumns } from '../../schemas/export';
import { field, messagesType, messageType, pairColumnFields, pairColumnValues } from './columns';
import { type Exporter, evaluationSplit, type Field, type Row } from './exporter';
import { asOneText, assistant, promptMessages, splitSystem, type TextPair, textPairs } from './record-views';

const readerOf = (path: string, commit: string) => ({
  repository: 'axolotl-ai-cloud/axolotl',
  path: `src/axolotl/prompt_strategies/${path}`,
  commit,
});
const CHATML = readerOf('dpo/chatml.py', '0a661980ca1297bb7a20a08fbf1346252340894c');

const usage = (kind: string, type: string) => (splits: readonly string[]) => {
  const dataset = (split: string) => `  - path: .\n    data_files: ${split}.jsonl\n    type: ${type}`;
  const other = evaluationSplit(splits);
  return `In the configuration, then \`axolotl train config.yml\`:

\`\`\`yaml
${kind}
datasets:
${dataset('train')}
${other ? `test_datasets:\n${dataset(other)}\n` : ''}\`\`\``;
};

/** Pairs whose prompt is a system text and the rest as one text. */
const pairsOfTexts = (
  names: { question: string; chosen: string; rejected: string },
  reader: Exporter['reader'],
  use: Exporter['usage'],
): Exporter => ({
  unit: 'pair',
  container: 'jsonl',
  ...(reader ? { reader } : {}),
  columns: extraColumns,
  defaults: [],
  fields: (columns): Field[] => [
    field('system', 'string', 'the system message, or empty'),
    field(names.question, 'string', 'the rest of the prompt as one text'),
    field(names.chosen, 'string', 'the better answer'),
    field(names.rejected, 'string', 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const { system, question } = systemAndQuestion(record);
    return textPairs(record).map((pair) => ({
      system,
      [names.question]: question,
      [names.chosen]: pair.chosen.text,
      [names.rejected]: pair.rejected.text,
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: use,
});

function systemAndQuestion(record: SnapshotRecord) {
  const { system, turns } = splitSystem(promptMessages(record));
  return { system, question: asOneText(turns) };
}

/** `messages`, and `chosen` and `rejected` as one message each. */
export const axolotlChatTemplate: Exporter = {
  unit: 'pair',
  container: 'jsonl',
  reader: readerOf('dpo/chat_template.py', '1377ccc3e46bdc1c8b01a9c23da57446b85aa1d5'),
  columns: extraColumns,
  defaults: [],
  fields: (columns) => [
    field('messages', messagesType, 'the conversation up to the answer'),
    field('chosen', messageType, 'the better answer'),
    field('rejected', messageType, 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const messages = promptMessages(record);
    return textPairs(record).map((pair) => ({
      messages,
      chosen: assistant(pair.chosen.text),
      rejected: assistant(pair.rejected.text),
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: usage('rl: dpo', 'chat_template.default'),
};

export const axolotlIntel = pairsOfTexts(
  { question: 'question', chosen: 'chosen', rejected: 'rejected' },
  CHATML,
  usage('rl: dpo', 'chatml.intel'),
);

export const axolotlArgilla = pairsOfTexts(
  { question: 'instruction', chosen: 'chosen_response', rejected: 'rejected_response' },
  CHATML,
  usage('rl: dpo', 'chatml.argilla'),
);

/** The reader asks for `system` in every row. */
export const axolotlReward = pairsOfTexts(
  { question: 'input', chosen: 'chosen', rejected: 'rejected' },
  readerOf('bradley_terry/chat_template.py', '0ae4e4ac82b6c5b14f34fd9e8ab2cb7ff7a64eef'),
  usage('reward_model: true', 'bradley_terry.chat_template'),
);

const answers = ({ chosen, rejected }: TextPair): Row => ({
  answers: [
    { answer: chosen.text, rank: 2 },
    { answer: rejected.text, rank: 1 },
  ],
});

/**
 * `prompt` and ranked `answers`. The reader takes the answer of the highest rank as chosen and the next as rejected,
 * whatever else a row holds (in the data set Nectar rank 1 is the best), so a row is a pair, and the better answer has
 * the higher rank.
 */
export const axolotlNectar: Exporter = {
  unit: 'pair',
  container: 'jsonl',
  reader: readerOf('dpo/zephyr.py', '1377ccc3e46bdc1c8b01a9c23da57446b85aa1d5'),
  columns: extraColumns,
  defaults: [],
  fields: (columns) => [
    field('prompt', 'string', 'the prompt as one text'),
    field(
      'answers',
      { list: { struct: { answer: 'string', rank: 'integer' } } },
      'two answers; the higher rank is the better, as this trainer takes it and unlike the data set Nectar',
    ),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const prompt = asOneText(promptMessages(record));
    return textPairs(record).map((pair) => ({ prompt, ...answers(pair), ...pairColumnValues(record, pair, context) }));
  },
  usage: usage('rl: dpo', 'zephyr.nectar'),
};
