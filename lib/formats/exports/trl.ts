/**
 * TRL's preferences and unpaired preferences: trl/data_utils.py at 00cc012 (`is_conversational`, `apply_chat_template`,
 * `extract_prompt`) and trl/trainer/reward_trainer.py at 00b6d2b, whose collator reads `margin`.
 */
import { extraColumns } from '../../schemas/export';
import {
  field,
  messagesType,
  pairColumnFields,
  pairColumnValues,
  responseColumnFields,
  responseColumnValues,
} from './columns';
import { type Exporter, evaluationSplit } from './exporter';
import { answer, asOneText, labelledResponses, promptMessages, textPairs } from './record-views';

const reader = {
  repository: 'huggingface/trl',
  path: 'trl/data_utils.py',
  commit: '00cc012a666746bd34df2caddae86912287a48e9',
};

const preferenceUsage = (splits: readonly string[]) => `\`\`\`bash
trl dpo --model_name_or_path MODEL --dataset_name . ${evaluationOf(splits)}--output_dir OUT
trl reward --model_name_or_path MODEL --dataset_name . ${evaluationOf(splits)}--output_dir OUT
\`\`\`

or in Python: \`load_dataset("json", data_files={${splits.map((split) => `"${split}": "${split}.jsonl"`).join(', ')}})\`.`;

const evaluationOf = (splits: readonly string[]) => {
  const other = evaluationSplit(splits);
  return other ? `--dataset_test_split ${other} --eval_strategy steps ` : '';
};

const preference = { unit: 'pair', container: 'jsonl', reader, columns: extraColumns, defaults: ['margin'] } as const;

/** `prompt`, `chosen` and `rejected` as messages; what DPO recommends for chat models. */
export const trlConversational: Exporter = {
  ...preference,
  fields: (columns) => [
    field('prompt', messagesType, 'the conversation up to the answer'),
    field('chosen', messagesType, 'the better answer'),
    field('rejected', messagesType, 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const prompt = promptMessages(record);
    return textPairs(record).map((pair) => ({
      prompt,
      chosen: answer(pair.chosen.text),
      rejected: answer(pair.rejected.text),
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: preferenceUsage,
};

/** `prompt`, `chosen` and `rejected` as texts. */
export const trlExplicit: Exporter = {
  ...preference,
  fields: (columns) => [
    field('prompt', 'string', 'the prompt as one text'),
    field('chosen', 'string', 'the better answer'),
    field('rejected', 'string', 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const prompt = asOneText(promptMessages(record));
    return textPairs(record).map((pair) => ({
      prompt,
      chosen: pair.chosen.text,
      rejected: pair.rejected.text,
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: preferenceUsage,
};

/** `chosen` and `rejected` hold the whole conversation; what the reward trainer recommends. */
export const trlImplicit: Exporter = {
  ...preference,
  fields: (columns) => [
    field('chosen', messagesType, 'the conversation with the better answer'),
    field('rejected', messagesType, 'the conversation with the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const prompt = promptMessages(record);
    return textPairs(record).map((pair) => ({
      chosen: [...prompt, ...answer(pair.chosen.text)],
      rejected: [...prompt, ...answer(pair.rejected.text)],
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: preferenceUsage,
};

/** `prompt`, `completion` and `label`: one row a response that is clearly good or bad. */
export const trlKto: Exporter = {
  unit: 'response',
  container: 'jsonl',
  reader,
  columns: ['prompt_id', 'sources', 'split'],
  defaults: [],
  fields: (columns) => [
    field('prompt', messagesType, 'the conversation up to the answer'),
    field('completion', messagesType, 'the answer'),
    field('label', 'boolean', 'true: it wins pairs and loses none; false: the reverse'),
    ...responseColumnFields(columns),
  ],
  rows: (record, context) => {
    const prompt = promptMessages(record);
    const labelled = labelledResponses(record, context);
    return labelled.map(({ response, isGood }) => ({
      prompt,
      completion: answer(response.text),
      label: isGood,
      ...responseColumnValues(record, response, context),
    }));
  },
  usage: (splits) => `\`\`\`bash
trl kto --model_name_or_path MODEL --dataset_name . ${evaluationOf(splits)}--output_dir OUT
\`\`\``,
};
