/** What the demo model is pretrained on: e-SNLI dev as chats, without the items kept for judging. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromptDocument } from '../contract/record';
import type { EncodedPrompt } from '../data/encoded-prompt';
import { type EsnliItem, itemKey, parseEsnli, promptText, responseText } from '../data/esnli';
import { seededRandom, shuffled } from '../data/seeded-random';
import { loadTokenizer } from '../tokenizer/load-tokenizer';
import type { Tokenizer } from '../tokenizer/tokenizer';
import { type TokenizerJson, trainBpe } from '../tokenizer/train-bpe';

export const specialTokens = ['<|begin|>', '<|end|>', '<|user|>', '<|assistant|>', '<|document|>'];

export const demoTokenizerConfig = {
  tokenizer_class: 'PreTrainedTokenizerFast',
  bos_token: '<|begin|>',
  eos_token: '<|end|>',
  pad_token: '<|end|>',
  clean_up_tokenization_spaces: false,
  model_max_length: 1024,
  chat_template: [
    '{{ bos_token }}',
    '{% if documents %}{% for document in documents %}',
    "<|document|>{{ '[' + loop.index|string + '] (Title: ' + document.title + ') ' + document.text }}",
    '{% endfor %}{% endif %}',
    '{% for message in messages %}',
    "{% if message.role == 'assistant' %}<|assistant|>{{ message.content }}{{ eos_token }}",
    '{% else %}<|user|>{{ message.content }}{% endif %}',
    '{% endfor %}',
    '{% if add_generation_prompt %}<|assistant|>{% endif %}',
  ].join(''),
};

export interface DemoData {
  readonly tokenizerJson: TokenizerJson;
  readonly tokenizer: Tokenizer;
  readonly training: readonly EncodedPrompt[];
  readonly heldOut: readonly EncodedPrompt[];
  /** Items left out because rationale-ratings holds them. */
  readonly excluded: number;
}

export interface DemoDataOptions {
  /** The folder that holds esnli/dev.jsonl and rationale-ratings/esnli.jsonl. */
  readonly dataDir: string;
  readonly vocabSize: number;
  readonly seed: number;
  readonly heldOutItems: number;
  /** Share of training items that are also shown as a question over documents. */
  readonly documentShare: number;
}

export async function prepareDemoData(options: DemoDataOptions): Promise<DemoData> {
  const { dataDir, seed } = options;
  const file = join(dataDir, 'esnli', 'dev.jsonl');
  const all = parseEsnli(await readFile(file, 'utf8'), file);
  const rated = await ratedItems(join(dataDir, 'rationale-ratings', 'esnli.jsonl'));
  const items = all.filter((item) => !rated.has(itemKey(item)));
  const random = seededRandom(seed);
  const { training, heldOut } = splitByPremise(items, options.heldOutItems, random);

  const tokenizerJson = trainBpe(training.flatMap(textsOf), { vocabSize: options.vocabSize, specialTokens });
  const tokenizer = loadTokenizer(tokenizerJson, demoTokenizerConfig);
  const withDocuments = shuffled(training, random).slice(0, Math.round(training.length * options.documentShare));
  return {
    tokenizerJson,
    tokenizer,
    training: shuffled(
      [
        ...training.map((item) => encodeChat(item, tokenizer)),
        ...withDocuments.map((item) => encodeDocumentChat(item, training, tokenizer, random)),
      ],
      random,
    ),
    heldOut: heldOut.map((item) => encodeChat(item, tokenizer)),
    excluded: all.length - items.length,
  };
}

async function ratedItems(file: string): Promise<ReadonlySet<string>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return new Set(lines.map((line) => itemKey(JSON.parse(line) as EsnliItem)));
}

/** Hypotheses of one premise stay on one side, or the held-out text would half be seen in training. */
function splitByPremise(items: readonly EsnliItem[], heldOutItems: number, random: () => number) {
  const byPremise = new Map<string, EsnliItem[]>();
  for (const item of items) byPremise.set(item.premise, [...(byPremise.get(item.premise) ?? []), item]);
  const heldOut: EsnliItem[] = [];
  const training: EsnliItem[] = [];
  for (const group of shuffled([...byPremise.values()], random)) {
    const side = heldOut.length < heldOutItems ? heldOut : training;
    for (const item of group) side.push(item);
  }
  return { training, heldOut };
}

function responsesOf(item: EsnliItem): string[] {
  return [
    ...item.human.map((rationale) => responseText(rationale, item.label)),
    ...Object.entries(item.model).map(([label, rationale]) => responseText(rationale, label)),
  ];
}

const textsOf = (item: EsnliItem) => [promptText(item), ...responsesOf(item)];

function encodeChat(item: EsnliItem, tokenizer: Tokenizer, content = promptText(item), documents?: PromptDocument[]) {
  const prompt = tokenizer.renderPrompt([{ role: 'user', content }], documents);
  return {
    id: item.id,
    promptIds: prompt.ids,
    responses: responsesOf(item).map((text, i) => ({
      id: `${i}`,
      ids: prompt.encodeResponse(text),
      lengthExponent: 1,
    })),
    pairs: [],
    target: null,
  } satisfies EncodedPrompt;
}

/** The premise among the documents, two other premises beside it: so that <|document|> is not a token never seen. */
function encodeDocumentChat(item: EsnliItem, pool: readonly EsnliItem[], tokenizer: Tokenizer, random: () => number) {
  const others = [0, 1].map(() => pool[Math.floor(random() * pool.length)] as EsnliItem);
  const documents = shuffled([item, ...others], random).map(({ premise }) => ({
    title: premise.split(' ').slice(0, 4).join(' '),
    text: premise,
  }));
  return { ...encodeChat(item, tokenizer, `Hypothesis: ${item.hypothesis}`, documents), id: `${item.id}#documents` };
}
