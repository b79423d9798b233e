/**
 * ms-swift's rows: swift/llm/dataset/preprocessor/core.py at 00f5f5d, `check_messages` and `check_rejected_response`: after
 * a system message, user and assistant alternate, and the rejected response differs from the last message. Prompts that
 * do not alternate would raise there, so they are left out here and counted.
 */
import { type ExtraColumn, extraColumns } from '../../schemas/export';
import {
  field,
  messagesType,
  pairColumnFields,
  pairColumnValues,
  responseColumnFields,
  responseColumnValues,
} from './columns';
import { type Exporter, evaluationSplit } from './exporter';
import { alternatingMessages, answer, labelledResponses, textPairs } from './record-views';

const reader = {
  repository: 'modelscope/ms-swift',
  path: 'swift/llm/dataset/preprocessor/core.py',
  commit: '00f5f5d478f9632260ddd8c7e6907c70742a0c12',
};

const usage = (type: string) => (splits: readonly string[]) => {
  const other = evaluationSplit(splits);
  return `\`\`\`bash
swift rlhf --rlhf_type ${type} --model MODEL --dataset train.jsonl${other ? ` --val_dataset ${other}.jsonl` : ''}
\`\`\``;
};

const preference = (type: string, defaults: readonly ExtraColumn[]): Exporter => ({
  unit: 'pair',
  container: 'jsonl',
  reader,
  columns: extraColumns,
  defaults,
  fields: (columns) => [
    field('messages', messagesType, 'the conversation, which ends in the better answer'),
    field('rejected_response', 'string', 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const pairs = textPairs(record);
    const messages = alternatingMessages(record, context, pairs.length);
    if (!messages) return [];
    return pairs.map((pair) => ({
      messages: [...messages, ...answer(pair.chosen.text)],
      rejected_response: pair.rejected.text,
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: usage(type),
});

export const msSwift = preference('dpo', []);

/** The reward trainer reads `margin`. */
export const msSwiftReward = preference('rm', ['margin']);

export const msSwiftKto: Exporter = {
  unit: 'response',
  container: 'jsonl',
  reader,
  columns: ['prompt_id', 'sources', 'split'],
  defaults: [],
  fields: (columns) => [
    field('messages', messagesType, 'the conversation with its answer'),
    field('label', 'boolean', 'true: the answer wins pairs and loses none; false: the reverse'),
    ...responseColumnFields(columns),
  ],
  rows: (record, context) => {
    const labelled = labelledResponses(record, context);
    const messages = alternatingMessages(record, context, labelled.length);
    if (!messages) return [];
    return labelled.map(({ response, isGood }) => ({
      messages: [...messages, ...answer(response.text)],
      label: isGood,
      ...responseColumnValues(record, response, context),
    }));
  },
  usage: usage('kto'),
};
