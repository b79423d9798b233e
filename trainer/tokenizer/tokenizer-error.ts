/** The tokenizer's files do not make a usable tokenizer, or not one for this model or these messages. */
import { TrainerError } from '../trainer-error';

export class TokenizerError extends TrainerError {
  override readonly name = 'TokenizerError';
}
