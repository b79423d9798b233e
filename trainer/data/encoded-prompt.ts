/**
 * A snapshot record as token ids: what the loss works on.
 * Invariants: promptIds is not empty and starts with BOS where the tokenizer has one; every response's ids
 * end with EOS and start without BOS; promptIds.length + longest response <= the model's context.
 */
export interface EncodedPrompt {
  readonly id: string;
  readonly promptIds: readonly number[];
  readonly responses: readonly EncodedResponse[];
  /** Strictly ordered pairs as indices into `responses`. */
  readonly pairs: readonly EncodedPair[];
  /** Index of the SFT target, null when no response is acceptable. */
  readonly target: number | null;
}

export interface EncodedResponse {
  readonly id: string;
  readonly ids: readonly number[];
  /** lambda: the score is the sequence log-probability / ids.length ^ lengthExponent. */
  readonly lengthExponent: number;
}

export interface EncodedPair {
  readonly chosen: number;
  readonly rejected: number;
}
