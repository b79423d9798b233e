/**
 * Text to token ids and back, from a Hugging Face tokenizer.json: what a prompt and a response look like to a model.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import * as z from 'zod';
import { issuesOf } from '../issues';
import { told } from '../told';
import {
  type ChatMessage,
  joinMessages,
  type PromptDocument,
  type RenderPrompt,
  readChatTemplate,
} from './chat-template';
import { TokenizerError } from './tokenizer-error';

export type { ChatMessage, PromptDocument } from './chat-template';
export { TokenizerError } from './tokenizer-error';

export interface Tokenizer {
  /** Without special tokens of the tokenizer's own; `addBos` puts BOS first where there is one. */
  encode(text: string, options?: { readonly addBos?: boolean }): number[];
  /** Special tokens are left out. */
  decode(ids: readonly number[]): string;
  /** Null when the tokenizer has no beginning-of-sequence token. */
  readonly bosId: number | null;
  readonly eosId: number;
  /** Highest token id + 1. */
  readonly vocabSize: number;
  /**
   * A prompt's ids, ready for a response to follow. BOS is the chat template's affair; without a template it comes
   * first where there is one. Throws TokenizerError when the template refuses the messages.
   */
  renderPrompt(messages: readonly ChatMessage[], documents?: readonly PromptDocument[]): number[];
  /** A response's ids: no BOS, EOS last. */
  encodeResponse(text: string): number[];
}

const tokenizerJsonSchema = z.looseObject({
  model: z.looseObject({ type: z.enum(['BPE', 'Unigram', 'WordPiece']), vocab: z.unknown() }),
  added_tokens: z
    .array(z.looseObject({ id: z.int().min(0), content: z.string(), special: z.boolean().optional() }))
    .optional(),
});
const tokenNameSchema = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform(({ content }) => content),
]);
const tokenizerConfigSchema = z.looseObject({
  bos_token: tokenNameSchema.nullish(),
  eos_token: tokenNameSchema.nullish(),
  add_bos_token: z.boolean().nullish(),
  chat_template: z.unknown().optional(),
});

/** Names tried, in order, when tokenizer_config.json does not say. */
const usualEos = ['</s>', '<|end|>', '<|im_end|>', '<|eot_id|>', '<|endoftext|>', '<|end_of_text|>', '<eos>'];
const usualBos = ['<s>', '<|begin|>', '<|begin_of_text|>', '<bos>'];

/** Throws TokenizerError when the files are not a tokenizer, or one without an end-of-sequence token. */
export function loadTokenizer(tokenizerJson: unknown, tokenizerConfig?: unknown): Tokenizer {
  const json = tokenizerJsonSchema.safeParse(tokenizerJson);
  if (!json.success) throw new TokenizerError(told('notTokenizer', { reason: issuesOf(json.error) }));
  const config = tokenizerConfigSchema.safeParse(tokenizerConfig ?? {});
  if (!config.success)
    throw new TokenizerError(told('inFile', { file: 'tokenizer_config.json', reason: issuesOf(config.error) }));
  return new LoadedTokenizer(json.data, config.data);
}

/**
 * Throws TokenizerError when a token id would have no embedding row. An embedding with rows to spare is usual: many
 * models pad their vocabulary.
 */
export function checkTokenizerFitsModel(tokenizer: Tokenizer, embeddingRows: number): void {
  if (tokenizer.vocabSize > embeddingRows) {
    throw new TokenizerError(
      told('tokenizerDoesNotFit', { highest: tokenizer.vocabSize - 1, rows: embeddingRows, last: embeddingRows - 1 }),
    );
  }
}

class LoadedTokenizer implements Tokenizer {
  readonly bosId: number | null;
  readonly eosId: number;
  readonly vocabSize: number;
  private readonly inner: HuggingFaceTokenizer;
  private readonly template: RenderPrompt | null;
  private readonly addedContents: readonly string[];
  private readonly specialIds: ReadonlySet<number>;

  constructor(json: z.infer<typeof tokenizerJsonSchema>, config: z.infer<typeof tokenizerConfigSchema>) {
    const added = json.added_tokens ?? [];
    try {
      // The library insists on these keys being there; absent and null mean the same.
      const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
      this.inner = new HuggingFaceTokenizer({ ...parts, ...json, added_tokens: added }, config);
    } catch (error) {
      throw new TokenizerError(told('tokenizerUnusable', { detail: (error as Error).message }));
    }
    const ids = new Map(this.inner.get_vocab());
    for (const { content, id } of added) ids.set(content, id);
    this.vocabSize = Math.max(...ids.values()) + 1;
    this.addedContents = added.map(({ content }) => content).filter((content) => content.length > 0);
    this.specialIds = new Set(added.filter(({ special }) => special).map(({ id }) => id));

    const eos = config.eos_token ?? usualEos.find((name) => ids.has(name));
    if (eos === undefined) {
      throw new TokenizerError(told('noEndToken', { usual: usualEos.join(', '), count: ids.size }));
    }
    this.eosId = idOf(ids, eos, 'eos_token');
    const bos = config.bos_token === undefined ? usualBos.find((name) => ids.has(name)) : config.bos_token;
    this.bosId = bos == null || config.add_bos_token === false ? null : idOf(ids, bos, 'bos_token');

    const variables = { ...(bos == null ? {} : { bos_token: bos }), eos_token: eos };
    this.template = readChatTemplate(config.chat_template, variables);
  }

  encode(text: string, { addBos = false } = {}): number[] {
    const { ids } = this.inner.encode(text, { add_special_tokens: false });
    return addBos && this.bosId !== null ? [this.bosId, ...ids] : ids;
  }

  decode(ids: readonly number[]): string {
    const kept = ids.filter((id) => !this.specialIds.has(id));
    if (kept.length === 0) return '';
    // The library would tidy " ." into "." unless told: decoding must give the text back.
    return this.inner.decode(kept, { clean_up_tokenization_spaces: false });
  }

  renderPrompt(messages: readonly ChatMessage[], documents: readonly PromptDocument[] = []): number[] {
    const seam = this.seamFor([
      ...messages.map(({ content }) => content),
      ...documents.flatMap((d) => [d.title, d.text]),
    ]);
    const guard = (text: string) => this.breakSpecialTokens(text, seam);
    const text = (this.template ?? joinMessages)(
      messages.map(({ role, content }) => ({ role, content: guard(content) })),
      documents.map((document) => ({ title: guard(document.title), text: guard(document.text) })),
    );
    const ids = text.split(seam).flatMap((part) => this.encode(part));
    return this.template !== null || this.bosId === null ? ids : [this.bosId, ...ids];
  }

  encodeResponse(text: string): number[] {
    const seam = this.seamFor([text]);
    const ids = this.breakSpecialTokens(text, seam)
      .split(seam)
      .flatMap((part) => this.encode(part));
    return [...ids, this.eosId];
  }

  /**
   * A text that spells a special token ("</s>") must not become that token: a response could end itself early, a
   * document could speak as the user. The spelling is cut in two at a seam, and the parts are encoded one by one.
   */
  private breakSpecialTokens(text: string, seam: string): string {
    let broken = text;
    for (const content of this.addedContents) {
      if (broken.includes(content)) broken = broken.replaceAll(content, content[0] + seam + content.slice(1));
    }
    return broken;
  }

  /** A private-use character that none of the texts holds. */
  private seamFor(texts: readonly string[]): string {
    let code = 0xf0000;
    while (texts.some((text) => text.includes(String.fromCodePoint(code)))) code++;
    return String.fromCodePoint(code);
  }
}

function idOf(ids: ReadonlyMap<string, number>, token: string, role: string): number {
  const id = ids.get(token);
  if (id === undefined) {
    throw new TokenizerError(told('tokenUnknown', { role, token, count: ids.size }));
  }
  return id;
}
