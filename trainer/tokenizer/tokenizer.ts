/**
 * Converts text to token ids and back, from a Hugging Face tokenizer.json. Ids are those of the Rust library, which
 * Python uses too.
 */
import { type Message, message } from '../contract/message';
import type { ChatMessage, PromptDocument } from '../contract/record';
import { TokenizerError } from './tokenizer-error';

export type { ChatMessage, PromptDocument } from '../contract/record';

export interface Tokenizer {
  /** Encodes as the Rust library does without special tokens: none is added; those in the text are found. */
  encode(text: string): number[];
  /** Control tokens are left out. */
  decode(ids: readonly number[]): string;
  /** Null when the tokenizer has no beginning-of-sequence token. */
  readonly bosId: number | null;
  /** Ends every response. */
  readonly eosId: number;
  /** Ids of all tokens that end an answer: `eosId`, and those in config.json and generation_config.json. */
  readonly eosIds: readonly number[];
  /** Highest token id + 1. */
  readonly vocabSize: number;
  /** Notes on values that had to be guessed. */
  readonly notes: readonly Message[];
  /**
   * Renders a prompt for a response to follow. The chat template decides about BOS; without a template, it is prepended
   * where the tokenizer does so. No text of a user becomes a control token: one that is `special`, or that the template
   * writes around messages. Other added tokens (`<think>`) are found in users' texts as anywhere. Throws TokenizerError
   * when the template refuses the messages.
   */
  renderPrompt(messages: readonly ChatMessage[], documents?: readonly PromptDocument[]): RenderedPrompt;
}

export interface RenderedPrompt {
  readonly ids: readonly number[];
  /**
   * The ids of a response, EOS last: those of prompt and response as one text, without the prompt's. Where the prompt's
   * ids are not a prefix of these (its last word continues in the response), the response is encoded from its
   * beginning, without the space that a tokenizer prepends to a text.
   */
  encodeResponse(text: string): number[];
  /** The text for which `encodeResponse` returns these ids, as far as one exists. */
  decodeResponse(ids: readonly number[]): string;
}

/**
 * Throws TokenizerError when a token id has no embedding row. More rows than tokens are usual: many models pad their
 * vocabulary.
 */
export function checkTokenizerFitsModel(tokenizer: Tokenizer, embeddingRows: number): void {
  if (tokenizer.vocabSize > embeddingRows) {
    throw new TokenizerError(
      message('tokenizerDoesNotFit', {
        highest: tokenizer.vocabSize - 1,
        rows: embeddingRows,
        last: embeddingRows - 1,
      }),
    );
  }
}
