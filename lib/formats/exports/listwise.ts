/**
 * One row a prompt, with ties: scores for RRHF and RRescue (GanjinZero/RRHF, train.py at 026adca: `query`, `responses`,
 * `scores`, where only a higher score counts as better, so that equal ones are ties), and ranks for everybody else.
 */
import { field, messagesType, promptColumnFields, promptColumnValues } from './columns';
import type { Exporter } from './exporter';
import { asOneText, promptMessages, rankedResponses } from './record-views';

const NOTHING_COMPARED = 'nobody compared its responses';

const listwise = { unit: 'prompt', container: 'jsonl', columns: ['prompt_id', 'sources', 'split'] } as const;

export const rrhf: Exporter = {
  ...listwise,
  reader: { repository: 'GanjinZero/RRHF', path: 'train.py', commit: '026adca7d79b14a262cca689618d89b57b65e939' },
  defaults: [],
  fields: (columns) => [
    field('query', 'string', 'the prompt as one text'),
    field('responses', { list: 'string' }, 'the responses that were compared'),
    field('scores', { list: 'number' }, 'a score for each, higher is better, equal for ties'),
    ...promptColumnFields(columns),
  ],
  rows: (record, context) => {
    const ranked = rankedResponses(record);
    if (ranked.length < 2) {
      context.leaveOut(NOTHING_COMPARED, 1);
      return [];
    }
    const worst = Math.max(...ranked.map(({ rank }) => rank));
    const responses = ranked.map(({ response }) => response);
    return [
      {
        query: asOneText(promptMessages(record)),
        responses: responses.map(({ text }) => text),
        scores: ranked.map(({ rank }) => worst - rank),
        ...promptColumnValues(record, responses, context),
      },
    ];
  },
  usage: () => `\`\`\`bash
python train.py --model_name_or_path MODEL --data_path train.jsonl --per_device_train_batch_size 1 --output_dir OUT
\`\`\`

A batch holds one prompt, since RRHF stacks scores and prompts may have different numbers of responses.`,
};

export const listwiseRanks: Exporter = {
  ...listwise,
  defaults: ['prompt_id'],
  fields: (columns) => [
    field('prompt', messagesType, 'the conversation up to the answer'),
    field('responses', { list: 'string' }, 'the responses that were compared'),
    field('ranks', { list: 'integer' }, 'a rank for each, 0 is the best, equal for ties'),
    ...promptColumnFields(columns),
  ],
  rows: (record, context) => {
    const ranked = rankedResponses(record);
    if (ranked.length < 2) {
      context.leaveOut(NOTHING_COMPARED, 1);
      return [];
    }
    const responses = ranked.map(({ response }) => response);
    return [
      {
        prompt: promptMessages(record),
        responses: responses.map(({ text }) => text),
        ranks: ranked.map(({ rank }) => rank),
        ...promptColumnValues(record, responses, context),
      },
    ];
  },
  usage: () => '`load_dataset("json", data_files="train.jsonl")`, for losses over lists such as ListMLE or LambdaRank.',
};
