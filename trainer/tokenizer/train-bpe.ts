/**
 * Trains a byte-level BPE vocabulary and emits a Hugging Face tokenizer.json. Any text can be encoded: every one of
 * the 256 bytes is a token. Deterministic: equal counts are settled by the lower token ids, and nothing is random.
 */
import { byteCharacters, byteLevelWords } from './byte-level';

export interface TrainBpeOptions {
  /** Total token count, special tokens and the 256 bytes included; fewer when the text offers too few pairs. */
  readonly vocabSize: number;
  /** Get the ids from 0, in this order. */
  readonly specialTokens: readonly string[];
  /** A pair rarer than this is never merged. Default 2. */
  readonly minimumCount?: number;
}

/** tokenizer.json as @huggingface/tokenizers and Python's tokenizers read it. */
export interface TokenizerJson {
  readonly version: '1.0';
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly Readonly<Record<string, unknown>>[];
  readonly normalizer: null;
  readonly pre_tokenizer: Readonly<Record<string, unknown>>;
  readonly post_processor: Readonly<Record<string, unknown>>;
  readonly decoder: Readonly<Record<string, unknown>>;
  readonly model: {
    readonly type: 'BPE';
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly string[];
  } & Readonly<Record<string, unknown>>;
}

/** Throws RangeError when the vocabulary cannot hold the special tokens and the bytes. */
export function trainBpe(texts: Iterable<string>, options: TrainBpeOptions): TokenizerJson {
  const { vocabSize, specialTokens, minimumCount = 2 } = options;
  const base = specialTokens.length + 256;
  if (vocabSize < base) {
    throw new RangeError(
      `a vocabulary of ${vocabSize} cannot hold ${specialTokens.length} special tokens and 256 bytes`,
    );
  }
  const tokens = [...specialTokens, ...[...byteCharacters].sort()];
  const idOfCharacter = new Map(
    tokens.slice(specialTokens.length).map((character, i) => [character, i + specialTokens.length]),
  );
  const idOfByte = byteCharacters.map((character) => idOfCharacter.get(character) as number);
  const merger = new PairMerger(countWords(texts, specialTokens), idOfByte);
  const merges: string[] = [];
  const known = new Set(tokens);
  while (tokens.length < vocabSize) {
    const best = merger.mostFrequent(minimumCount);
    if (!best) break;
    const [left, right] = best;
    const merged = `${tokens[left]}${tokens[right]}`;
    merges.push(`${tokens[left]} ${tokens[right]}`);
    // Two merges can spell one token ("a"+"bc" and "ab"+"c"); it keeps one id.
    if (known.has(merged)) {
      merger.merge(left, right, tokens.indexOf(merged));
    } else {
      known.add(merged);
      merger.merge(left, right, tokens.length);
      tokens.push(merged);
    }
  }
  return tokenizerJson(tokens, merges, specialTokens);
}

/** Distinct words with their counts. Special tokens are cut out first: they never take part in merges. */
function countWords(texts: Iterable<string>, specialTokens: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const escaped = specialTokens.map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const splitter = escaped.length > 0 ? new RegExp(escaped.join('|'), 'g') : null;
  for (const text of texts) {
    for (const part of splitter ? text.split(splitter) : [text]) {
      for (const word of part.match(byteLevelWords) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** Words as id sequences with live pair counts: a merge touches only the words that hold the pair. */
class PairMerger {
  private readonly words: number[][] = [];
  private readonly wordCounts: number[] = [];
  private readonly pairCounts = new Map<number, number>();
  private readonly wordsOfPair = new Map<number, Set<number>>();

  constructor(counts: Map<string, number>, idOfByte: readonly number[]) {
    const encoder = new TextEncoder();
    for (const [word, count] of counts) {
      this.words.push(Array.from(encoder.encode(word), (byte) => idOfByte[byte] as number));
      this.wordCounts.push(count);
      this.countPairs(this.words.length - 1, 1);
    }
  }

  /** Highest count; among equals the lowest left id, then the lowest right id. Null when none is frequent enough. */
  mostFrequent(minimumCount: number): [number, number] | null {
    let best = -1;
    let bestCount = minimumCount - 1;
    for (const [key, count] of this.pairCounts) {
      if (count > bestCount || (count === bestCount && best >= 0 && key < best)) {
        best = key;
        bestCount = count;
      }
    }
    return best < 0 ? null : [Math.floor(best / 65536), best % 65536];
  }

  merge(left: number, right: number, into: number): void {
    const holders = this.wordsOfPair.get(left * 65536 + right) ?? new Set<number>();
    for (const index of [...holders]) {
      this.countPairs(index, -1);
      const word = this.words[index] as number[];
      const merged: number[] = [];
      for (let i = 0; i < word.length; i++) {
        if (word[i] === left && word[i + 1] === right) {
          merged.push(into);
          i++;
        } else {
          merged.push(word[i] as number);
        }
      }
      this.words[index] = merged;
      this.countPairs(index, 1);
    }
  }

  private countPairs(index: number, sign: 1 | -1): void {
    const word = this.words[index] as number[];
    const change = sign * (this.wordCounts[index] as number);
    for (let i = 0; i + 1 < word.length; i++) {
      const key = (word[i] as number) * 65536 + (word[i + 1] as number);
      const count = (this.pairCounts.get(key) ?? 0) + change;
      if (count === 0) this.pairCounts.delete(key);
      else this.pairCounts.set(key, count);
      const holders = this.wordsOfPair.get(key) ?? new Set<number>();
      this.wordsOfPair.set(key, holders);
      if (sign === 1) holders.add(index);
      else holders.delete(index);
    }
  }
}

function tokenizerJson(tokens: readonly string[], merges: string[], specialTokens: readonly string[]): TokenizerJson {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}
