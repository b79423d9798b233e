/**
 * What each trainer's own reader asks of a row, as a schema. Each names the file and the commit that it was written from;
 * no code of theirs is here. Extra columns are let through where the reader lets them through.
 */
import * as z from 'zod';
import type { ExportFormat } from '../../schemas/export';

const message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
const text = z.string().min(1);
const oneAnswer = z.strictObject({ role: z.literal('assistant'), content: text });
const answerMessage = z.tuple([oneAnswer]);

/** huggingface/trl, trl/data_utils.py at 00cc012, apply_chat_template: the prompt's last role is user or assistant. */
const trlPrompt = z
  .array(message)
  .min(1)
  .refine((messages) => messages.at(-1)!.role !== 'system', 'Invalid role in the last message');

const hasSystemAside = (turns: readonly { role: string }[]) => (turns[0]?.role === 'system' ? turns.slice(1) : turns);
const takesTurns = (turns: readonly { role: string }[], first: string, second: string) =>
  turns.every(({ role }, i) => role === (i % 2 === 0 ? first : second));

/**
 * hiyouga/LLaMA-Factory, src/llamafactory/data/converter.py at 02e2fb3, SharegptDatasetConverter: a system turn may come
 * first, then human and gpt alternate; with `ranking` their number is odd, without it even.
 */
const shareGptTurn = z.strictObject({ from: z.enum(['system', 'human', 'gpt']), value: z.string() });
const shareGptTurns = (isOdd: boolean) =>
  z.array(shareGptTurn).refine((given) => {
    const turns = hasSystemAside(given.map(({ from }) => ({ role: from })));
    return turns.length % 2 === (isOdd ? 1 : 0) && turns.length > 0 && takesTurns(turns, 'human', 'gpt');
  }, 'Invalid message count or role tag');
const shareGptAnswer = z.strictObject({ from: z.literal('gpt'), value: text });

const swiftMessages = z
  .array(message)
  .refine((messages) => takesTurns(hasSystemAside(messages), 'user', 'assistant'), 'user_message or assistant_message')
  .refine((messages) => messages.at(-1)!.role === 'assistant' && messages.at(-1)!.content !== '', 'ends in an answer');
const swiftPair = z
  .looseObject({ messages: swiftMessages, rejected_response: text, margin: z.number().optional() })
  .refine(({ messages, rejected_response }) => rejected_response !== messages.at(-1)!.content, 'rejected_response');

export const trainerSchemas: Readonly<Record<ExportFormat, z.ZodType>> = {
  'trl-conversational': z.looseObject({
    prompt: trlPrompt,
    chosen: answerMessage,
    rejected: answerMessage,
    // trl/trainer/reward_trainer.py at 00b6d2b, the collator: a tensor of floats.
    margin: z.number().optional(),
  }),
  'trl-explicit': z.looseObject({ prompt: z.string(), chosen: text, rejected: text, margin: z.number().optional() }),
  // extract_prompt takes the longest common beginning as the prompt, so that both have to begin alike.
  'trl-implicit': z
    .looseObject({ chosen: z.array(message).min(2), rejected: z.array(message).min(2), margin: z.number().optional() })
    .refine(
      ({ chosen, rejected }) => JSON.stringify(chosen.slice(0, -1)) === JSON.stringify(rejected.slice(0, -1)),
      'no common prompt',
    )
    .refine((row) => !('prompt' in row), 'prompt would be taken as explicit'),
  'trl-kto': z.looseObject({ prompt: trlPrompt, completion: answerMessage, label: z.boolean() }),
  // AlpacaDatasetConverter: history is pairs of texts, chosen and rejected are texts.
  'llama-factory-alpaca': z.looseObject({
    instruction: z.string(),
    input: z.string(),
    system: z.string(),
    history: z.array(z.tuple([z.string(), z.string()])),
    chosen: z.string(),
    rejected: z.string(),
  }),
  'llama-factory-sharegpt': z.looseObject({
    conversations: shareGptTurns(true),
    chosen: shareGptAnswer,
    rejected: shareGptAnswer,
  }),
  'llama-factory-kto': z.looseObject({ conversations: shareGptTurns(false), kto_tag: z.boolean() }),
  // axolotl-ai-cloud/axolotl, dpo/chat_template.py at 1377ccc: roles of its map, chosen and rejected a message each.
  'axolotl-chat-template': z.looseObject({
    messages: z.array(message),
    chosen: oneAnswer,
    rejected: oneAnswer,
  }),
  // dpo/chatml.py at 0a66198, intel.
  'axolotl-intel': z.looseObject({ system: z.string(), question: z.string(), chosen: text, rejected: text }),
  // The same file, argilla: it would take prompt, input, question, chosen or rejected first, if there were any.
  'axolotl-argilla': z
    .looseObject({ system: z.string(), instruction: z.string(), chosen_response: text, rejected_response: text })
    .refine(
      (row) => !['prompt', 'input', 'question', 'chosen', 'rejected'].some((key) => key in row),
      'another key first',
    ),
  // dpo/zephyr.py at 1377ccc: sorted by rank, the last is chosen; two equal ranks would choose by chance.
  'axolotl-nectar': z.looseObject({
    prompt: z.string(),
    answers: z.tuple([
      z.strictObject({ answer: text, rank: z.literal(2) }),
      z.strictObject({ answer: text, rank: z.literal(1) }),
    ]),
  }),
  // bradley_terry/chat_template.py at 0ae4e4a: row["system"] is asked for without a default.
  'axolotl-reward': z.looseObject({ system: z.string(), input: z.string(), chosen: text, rejected: text }),
  // OpenRLHF/OpenRLHF, openrlhf/datasets/reward_dataset.py at 0008ea1: lists that are joined; margin may be absent.
  'open-rlhf': z.looseObject({
    prompt: z.array(message).min(1),
    chosen: answerMessage,
    rejected: answerMessage,
    margin: z.number().optional(),
  }),
  'open-rlhf-implicit': z.looseObject({
    chosen: z.array(message).min(2),
    rejected: z.array(message).min(2),
    margin: z.number().optional(),
  }),
  // volcengine/verl, verl/utils/dataset/rl_dataset.py at 00080f1: prompt goes to the chat template, extra_info.index is read.
  'verl-rl': z.strictObject({
    data_source: text,
    prompt: z.array(message).min(1),
    ability: text,
    reward_model: z.strictObject({ style: z.enum(['rule', 'model']), ground_truth: z.string() }),
    extra_info: z.looseObject({ index: z.int(), split: z.string() }),
  }),
  // verl/utils/dataset/rm_dataset.py at 23d6292: tokenizer(prompt) wants texts.
  'verl-reward': z.looseObject({ prompt: z.string(), chosen: text, rejected: text }),
  // modelscope/ms-swift, swift/llm/dataset/preprocessor/core.py at 00f5f5d, check_messages and check_rejected_response.
  'ms-swift': swiftPair,
  'ms-swift-reward': swiftPair,
  'ms-swift-kto': z.looseObject({ messages: swiftMessages, label: z.boolean() }),
  // NVIDIA-NeMo/RL, preference_dataset.py at 07cd9a1, preference_preprocessor: two completions, no ties.
  'nemo-rl': z.looseObject({
    context: z.array(message).min(1),
    completions: z
      .array(z.strictObject({ rank: z.int(), completion: answerMessage }))
      .length(2)
      .refine(([a, b]) => a!.rank !== b!.rank, 'Ties are not supported yet'),
    task_name: text,
  }),
  // GanjinZero/RRHF, train.py at 026adca: a FloatTensor of scores, as many as responses.
  rrhf: z
    .looseObject({ query: z.string(), responses: z.array(text).min(2), scores: z.array(z.number()) })
    .refine(({ responses, scores }) => responses.length === scores.length, 'as many scores as responses'),
  listwise: z
    .looseObject({ prompt: z.array(message), responses: z.array(text).min(2), ranks: z.array(z.int().min(0)) })
    .refine(({ responses, ranks }) => responses.length === ranks.length && Math.min(...ranks) === 0),
  csv: z.looseObject({ prompt: z.string(), chosen: text, rejected: text }),
  parquet: z.looseObject({ prompt: z.array(message).min(1), chosen: answerMessage, rejected: answerMessage }),
  ledger: z.strictObject({
    prompt_id: text,
    better: text,
    worse: text,
    outcome: z.enum(['kept', 'contradicted', 'unsupported', 'cycle', 'conflict']),
    margin: z.number().min(0).nullable(),
    support: z.array(text),
    against: z.array(text),
  }),
  votes: z.strictObject({
    prompt_id: text,
    better: text,
    worse: text,
    outcome: text,
    annotator: text,
    vote: z.enum(['for', 'against']),
  }),
};
