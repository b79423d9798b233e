/** What training refuses to start on, in words that name the prompt. */
import type { EncodedPrompt } from '../data/encoded-prompt';
import type { ModelConfig } from '../model/config';
import { hashString } from '../model/random';

/** Data that cannot be trained on. */
export class TrainingDataError extends Error {
  override readonly name = 'TrainingDataError';
}

/** Every prompt fits the context with each of its responses, and every token has an embedding. */
export function checkPromptsFit(prompts: readonly EncodedPrompt[], config: ModelConfig): void {
  for (const { id, promptIds, responses } of prompts) {
    const longest = responses.reduce((max, response) => Math.max(max, response.ids.length), 0);
    if (promptIds.length + longest > config.maxPositions) {
      throw new TrainingDataError(
        `prompt "${id}" has ${promptIds.length} tokens and its longest response ${longest}: ` +
          `more than the model's context of ${config.maxPositions}`,
      );
    }
    for (const ids of [promptIds, ...responses.map((response) => response.ids)]) {
      const bad = ids.find((token) => token < 0 || token >= config.vocabSize);
      if (bad !== undefined) {
        throw new TrainingDataError(
          `prompt "${id}" holds token ${bad}, the model's vocabulary ends at ${config.vocabSize - 1}`,
        );
      }
    }
  }
}

/** A hash of the tokens and orders of the data: equal data in equal order give equal hashes. */
export function hashPrompts(prompts: readonly EncodedPrompt[]): string {
  let hash = 0;
  for (const p of prompts) hash = hashString(JSON.stringify(p), hash);
  return `${prompts.length}:${hash.toString(16)}`;
}
