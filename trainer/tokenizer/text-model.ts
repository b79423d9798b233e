/**
 * Encodes and decodes text without added tokens: normalizer, pre-tokenizer, model and decoder of a tokenizer.json.
 * Model and decoder are the JavaScript library's.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { type Normalize, readNormalizer } from './normalizers';
import { type PiecePosition, type PreTokenize, readPreTokenizer } from './pre-tokenizers';

export interface TokenizerParts {
  readonly model: { readonly type: string; readonly vocab?: unknown } & Readonly<Record<string, unknown>>;
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
  readonly decoder?: unknown;
}

/** The part of the library's model that is used here. */
interface Model {
  encode(words: string[]): string[];
  (words: string[]): string[];
  readonly tokens_to_ids: Map<string, number>;
  readonly vocab: (string | undefined)[];
  readonly unk_token_id?: number;
  /** Only in Unigram models. */
  readonly trie?: { readonly root: TrieNode };
}

interface TrieNode {
  is_leaf: boolean;
  readonly children: ReadonlyMap<string, TrieNode>;
}

export class TextModel {
  readonly normalize: Normalize;
  private readonly preTokenize: PreTokenize;
  private readonly model: Model;
  private readonly decodeTokens: (tokens: string[]) => string;

  /** Throws where the library does not accept the parts. */
  constructor({ model, normalizer, pre_tokenizer, decoder: parts = null }: TokenizerParts) {
    this.normalize = readNormalizer(normalizer);
    this.preTokenize = readPreTokenizer(pre_tokenizer);
    const none = { normalizer: null, pre_tokenizer: null, post_processor: null, added_tokens: [] };
    const library = new HuggingFaceTokenizer({ ...none, decoder: parts, model }, {});
    this.model = library.model as unknown as Model;
    const { decoder } = library;
    keepByteOrderMarks(decoder);
    this.decodeTokens = (tokens) => (decoder === null ? tokens.join(' ') : decoder(tokens));
  }

  /** Highest id + 1, added tokens excluded. */
  get size(): number {
    return this.model.vocab.length;
  }

  idOf(token: string): number | undefined {
    return this.model.tokens_to_ids.get(token);
  }

  tokenOf(id: number): string | undefined {
    return this.model.vocab[id];
  }

  /** Prevents any text from becoming this token, whatever a normalizer or the model would produce. */
  forbid(token: string, id: number): void {
    if (id === this.model.unk_token_id || this.idOf(token) !== id) return;
    this.model.tokens_to_ids.delete(token);
    let node = this.model.trie?.root;
    for (const character of token) node = node?.children.get(character);
    if (node) node.is_leaf = false;
  }

  /** Encodes text that is already normalized. */
  encode(normalized: string, place: PiecePosition): number[] {
    const ids: number[] = [];
    // Word by word: unknown characters are fused within a word, never across two.
    for (const word of this.preTokenize([normalized], place)) {
      for (const token of this.model([word])) {
        const id = this.model.tokens_to_ids.get(token) ?? this.model.unk_token_id;
        if (id !== undefined) ids.push(id);
      }
    }
    return ids;
  }

  /** Decodes; ids without a token are skipped. */
  decode(ids: readonly number[]): string {
    const tokens = ids.flatMap((id) => this.model.vocab[id] ?? []);
    return tokens.length === 0 ? '' : this.decodeTokens(tokens);
  }
}

/** The library's decoder of bytes drops a U+FEFF at the beginning of what it decodes. */
function keepByteOrderMarks(decoder: unknown): void {
  const { text_decoder, decoders } = (decoder ?? {}) as { text_decoder?: TextDecoder; decoders?: readonly unknown[] };
  if (text_decoder) Object.assign(decoder as object, { text_decoder: new TextDecoder('utf-8', { ignoreBOM: true }) });
  for (const step of decoders ?? []) keepByteOrderMarks(step);
}
