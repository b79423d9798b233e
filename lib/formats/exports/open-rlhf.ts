/**
 * OpenRLHF's reward and DPO rows: openrlhf/datasets/reward_dataset.py at 0008ea1, `preprocess_data`. With the chat template
 * all three columns are messages; without a prompt key chosen and rejected hold the prompt. `margin` is read where it is.
 */
import { extraColumns } from '../../schemas/export';
import { type Exporter, evaluationSplit } from './exporter';
import { trlConversational, trlImplicit } from './trl';

const reader = {
  repository: 'OpenRLHF/OpenRLHF',
  path: 'openrlhf/datasets/reward_dataset.py',
  commit: '0008ea1a8bc6dae5bdb2369db53a06170d81323c',
};

const usage = (promptKey: string) => (splits: readonly string[]) => {
  const other = evaluationSplit(splits);
  return `\`\`\`bash
deepspeed --module openrlhf.cli.train_rm --data.dataset ./train.jsonl${other ? ` --eval.dataset ./${other}.jsonl` : ''} \\
  ${promptKey}--data.chosen_key chosen --data.rejected_key rejected --data.apply_chat_template
\`\`\`

\`openrlhf.cli.train_dpo\` takes the same. Releases before the options had dots write \`--dataset\`, \`--chosen_key\` and so on.`;
};

const rows = { unit: 'pair', container: 'jsonl', reader, columns: extraColumns, defaults: ['margin'] } as const;

export const openRlhf: Exporter = {
  ...rows,
  fields: trlConversational.fields,
  rows: trlConversational.rows,
  usage: usage('--data.prompt_key prompt '),
};

export const openRlhfImplicit: Exporter = {
  ...rows,
  fields: trlImplicit.fields,
  rows: trlImplicit.rows,
  usage: usage(''),
};
