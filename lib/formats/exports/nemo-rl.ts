/**
 * NeMo-RL's ranked completions: nemo_rl/data/datasets/preference_datasets/preference_dataset.py at 07cd9a1, read by
 * `preference_preprocessor` in nemo_rl/data/processors.py, which takes exactly two completions, the lower rank as the
 * better, and raises for ties. So a row is a pair.
 */
import { extraColumns } from '../../schemas/export';
import { field, messagesType, pairColumnFields, pairColumnValues } from './columns';
import { type Exporter, evaluationSplit } from './exporter';
import { answer, promptMessages, textPairs } from './record-views';

export const nemoRl: Exporter = {
  unit: 'pair',
  container: 'jsonl',
  reader: {
    repository: 'NVIDIA-NeMo/RL',
    path: 'nemo_rl/data/datasets/preference_datasets/preference_dataset.py',
    commit: '07cd9a1bcfeeddea1ecbf4bce6eb26a1f2d4172f',
  },
  columns: extraColumns,
  defaults: [],
  fields: (columns) => [
    field('context', messagesType, 'the conversation up to the answer'),
    field(
      'completions',
      { list: { struct: { rank: 'integer', completion: messagesType } } },
      'two answers; rank 0 is the better',
    ),
    field('task_name', 'string', 'the name of the data set'),
    ...pairColumnFields(columns),
  ],
  rows: (record, context) => {
    const conversation = promptMessages(record);
    return textPairs(record).map((pair) => ({
      context: conversation,
      completions: [
        { rank: 0, completion: answer(pair.chosen.text) },
        { rank: 1, completion: answer(pair.rejected.text) },
      ],
      task_name: 'rescue-studio',
      ...pairColumnValues(record, pair, context),
    }));
  },
  usage: (splits) => {
    const other = evaluationSplit(splits);
    return `\`\`\`bash
uv run examples/run_dpo.py data.dataset_type=rank data.train_data_path=train.jsonl${
      other ? ` +data.val_data_paths.${other}=${other}.jsonl` : ''
    }
\`\`\`

Names of options differ between releases; docs/guides/dpo.md of yours says which it has.`;
  },
};
