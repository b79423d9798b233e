import { listedIssues } from '../contract/issues';
import { message } from '../contract/message';
import { LoadedTokenizer } from './loaded-tokenizer';
import { type CompanionFiles, tokenizerConfigSchema } from './special-tokens';
import type { Tokenizer } from './tokenizer';
import { TokenizerError } from './tokenizer-error';
import { tokenizerJsonSchema } from './tokenizer-file';

/**
 * Loads a tokenizer. `companions`: the model's other files. Throws TokenizerError when the files are not a tokenizer,
 * or one without an end-of-sequence token.
 */
export function loadTokenizer(
  tokenizerJson: unknown,
  tokenizerConfig?: unknown,
  companions: CompanionFiles = {},
): Tokenizer {
  const json = tokenizerJsonSchema.safeParse(tokenizerJson);
  if (!json.success) throw new TokenizerError(message('notTokenizer', { reason: listedIssues(json.error) }));
  const config = tokenizerConfigSchema.safeParse(tokenizerConfig ?? {});
  if (!config.success)
    throw new TokenizerError(message('inFile', { file: 'tokenizer_config.json', reason: listedIssues(config.error) }));
  return new LoadedTokenizer(json.data, config.data, companions);
}
