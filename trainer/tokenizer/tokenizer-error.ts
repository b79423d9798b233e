/** The tokenizer's files do not make a usable tokenizer, or not one for this model or these messages. */
export class TokenizerError extends Error {
  override readonly name = 'TokenizerError';
}
