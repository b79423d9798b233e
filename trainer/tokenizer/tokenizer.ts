/**
 * Text to token ids and back, from a Hugging Face tokenizer.json: what a prompt and a response look like to a model.
 * Ids are those of the Rust library, which Python uses too.
 */
import { type Message, message } from '../contract/message';
import type { ChatMessage, PromptDocument } from '../contract/record';
import { TokenizerError } from './tokenizer-error';

export type { ChatMessage, PromptDocument } from '../contract/record';

export interface Tokenizer {
  /** As the Rust library does without special tokens: none is put before or behind; those in the text are found. */
  encode(text: string): number[];
  /** Control tokens are left out. */
  decode(ids: readonly number[]): string;
  /** Null when the tokenizer has no beginning-of-sequence token. */
  readonly bosId: number | null;
  /** Ends every response. */
  readonly eosId: number;
  /** All that end an answer: `eosId` and what config.json and generation_config.json list. */
  readonly eosIds: readonly number[];
  /** Highest token id + 1. */
  readonly vocabSize: number;
  /** What had to be guessed. */
  readonly notes: readonly Message[];
  /**
   * A prompt, ready for a response to follow. BOS is the chat template's affair; without a template it comes first
   * where the tokenizer puts it. No text by people becomes a control token: one that is `special`, or that the template
   * puts around messages. Other added tokens (`<think>`) are found in their texts as anywhere.
   * Throws TokenizerError when the template refuses the messages.
   */
  renderPrompt(messages: readonly ChatMessage[], documents?: readonly PromptDocument[]): RenderedPrompt;
}

export interface RenderedPrompt {
  readonly ids: readonly number[];
  /**
   * A response's ids, EOS last: those that prompt and response have together, without the prompt's. Where the prompt's
   * ids are no prefix of these (its last word goes on in the response), the response is encoded from where it begins,
   * without the space that a tokenizer puts before a text.
   */
  encodeResponse(text: string): number[];
  /** The text that `encodeResponse` would make these ids of, as far as there is one. */
  decodeResponse(ids: readonly number[]): string;
}

/**
 * Throws TokenizerError when a token id would have no embedding row. An embedding with rows to spare is usual: many
 * models pad their vocabulary.
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
