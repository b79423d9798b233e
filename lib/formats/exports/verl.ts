/**
 * verl's Parquet: prompts for reinforcement learning (verl/utils/dataset/rl_dataset.py at 00080f1) and pairs for a reward
 * model (verl/utils/dataset/rm_dataset.py at 23d6292, which tokenizes the prompt as a text).
 */
import { extraColumns } from '../../schemas/export';
import { field, messagesType, pairColumnFields } from './columns';
import { type Exporter, evaluationSplit } from './exporter';
import { promptMessages } from './record-views';
import { trlExplicit } from './trl';

const readerOf = (path: string, commit: string) => ({ repository: 'volcengine/verl', path, commit });

const files = (splits: readonly string[]) => {
  const other = evaluationSplit(splits);
  return `data.train_files=train.parquet data.val_files=${other ?? 'train'}.parquet`;
};

/** What the answer is held against: the reference label, else the target, else nothing for a reward model to read. */
export const verlRl: Exporter = {
  unit: 'prompt',
  container: 'parquet',
  reader: readerOf('verl/utils/dataset/rl_dataset.py', '00080f11d9a6e5475a43127649230c46db9bde88'),
  columns: [],
  defaults: [],
  fields: () => [
    field('data_source', 'string', 'by which verl chooses how answers are scored'),
    field('prompt', messagesType, 'the conversation up to the answer'),
    field('ability', 'string', 'what kind of prompt it is; always “preference”'),
    field(
      'reward_model',
      { struct: { style: 'string', ground_truth: 'string' } },
      'style “rule” where there is a reference label, which is the truth; else “model”, with the best response, if any was acceptable',
    ),
    field(
      'extra_info',
      { struct: { index: 'integer', split: 'string', prompt_id: 'string' } },
      'the place of the prompt in its file, its split and its id',
    ),
  ],
  rows: (record, { split, nextIndex }) => {
    const { reference_label: label } = record;
    const target = record.responses.find(({ id }) => id === record.target)?.text;
    return [
      {
        data_source: 'rescue-studio',
        prompt: promptMessages(record),
        ability: 'preference',
        reward_model: { style: label === undefined ? 'model' : 'rule', ground_truth: label ?? target ?? '' },
        extra_info: { index: nextIndex(), split, prompt_id: record.id },
      },
    ];
  },
  usage: (splits) => `\`\`\`bash
python3 -m verl.trainer.main_ppo ${files(splits)} data.prompt_key=prompt
\`\`\`

Scores for \`data_source\` "rescue-studio" are yours to define: \`custom_reward_function.path=FILE.py\`.`,
};

export const verlReward: Exporter = {
  unit: 'pair',
  container: 'parquet',
  reader: readerOf('verl/utils/dataset/rm_dataset.py', '23d62925c453fe48b5b8254a4cadfe7dc68e41bb'),
  columns: extraColumns,
  defaults: [],
  fields: (columns) => [
    field('prompt', 'string', 'the prompt as one text'),
    field('chosen', 'string', 'the better answer'),
    field('rejected', 'string', 'the worse answer'),
    ...pairColumnFields(columns),
  ],
  rows: trlExplicit.rows,
  usage: () => `\`\`\`python
from verl.utils.dataset.rm_dataset import RMDataset
RMDataset(parquet_files="train.parquet", tokenizer=tokenizer)
\`\`\``,
};
