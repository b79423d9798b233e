/** Continuations of prompts, token by token, several at once, over a key/value cache. */
import { seededRandom } from '../data/seeded-random';
import type { Model } from '../model/model';
import { createHostYield } from '../train/yield-to-host';
import { CachedDecoder } from './cached-decoder';
import { checkSampling, type Sampling, sampleToken } from './sample-token';

interface Options extends Sampling {
  readonly model: Model;
  /** Most tokens of each continuation. */
  readonly maxTokens: number;
  /** Equal seeds draw equal tokens; prompt i of a batch draws as it would alone with seed + i. Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface GenerateOptions extends Options {
  /** At least one token. */
  readonly promptIds: readonly number[];
  readonly onToken?: (id: number) => void;
}

export interface GenerateBatchOptions extends Options {
  /** At least one token each; the same prompt several times gives several samples. */
  readonly prompts: readonly (readonly number[])[];
  /** One per prompt, instead of seed + i, so that the draw of a prompt does not depend on its place in the batch. */
  readonly seeds?: readonly number[];
  readonly onToken?: (prompt: number, id: number) => void;
}

export interface Generation {
  /** Without the end-of-sequence token. */
  readonly ids: readonly number[];
  readonly stopped: 'eos' | 'length' | 'context';
}

/** Continues one prompt. Throws RangeError on an empty or overlong prompt, or the signal's reason. */
export async function generate({ promptIds, onToken, ...options }: GenerateOptions): Promise<Generation> {
  const [only] = await generateBatch({ ...options, prompts: [promptIds], onToken: (_, id) => onToken?.(id) });
  return only!;
}

/**
 * Continues several prompts at once; results are in the order of the prompts. Throws RangeError on a prompt or option,
 * or the signal's reason.
 */
export async function generateBatch(options: GenerateBatchOptions): Promise<Generation[]> {
  const { model, prompts, maxTokens, seed = 0, seeds, onToken, signal } = options;
  const context = model.config.maxPositions;
  for (const prompt of prompts) checkPrompt(prompt, context);
  checkSampling(options);
  const ends = new Set([...model.config.eosIds, ...(model.tokenizer?.eosIds ?? [])]);
  const randoms = prompts.map((_, i) => seededRandom(seeds?.[i] ?? seed + i));
  const written = prompts.map((): number[] => []);
  const stopped = prompts.map((): Generation['stopped'] => 'length');
  const decoder = new CachedDecoder(
    model,
    prompts.map(({ length }) => ({ length: Math.min(context, length + maxTokens), prompt: length })),
  );
  const yieldToHost = createHostYield();
  try {
    let next = maxTokens > 0 ? prompts.map((ids, sequence) => ({ sequence, ids })) : [];
    while (next.length > 0) {
      signal?.throwIfAborted();
      const logits = await decoder.append(next);
      next = next.flatMap(({ sequence }, row) => {
        const id = sampleToken(logits[row]!, options, randoms[sequence]!);
        const ids = written[sequence]!;
        if (ends.has(id)) {
          stopped[sequence] = 'eos';
          return [];
        }
        ids.push(id);
        onToken?.(sequence, id);
        if (ids.length === maxTokens) return [];
        if (prompts[sequence]!.length + ids.length < context) return [{ sequence, ids: [id] }];
        stopped[sequence] = 'context';
        return [];
      });
      await yieldToHost();
    }
    return written.map((ids, i) => ({ ids, stopped: stopped[i]! }));
  } finally {
    decoder.dispose();
  }
}

function checkPrompt({ length }: readonly number[], context: number): void {
  if (length === 0) throw new RangeError('generation needs a prompt of at least one token (BOS)');
  if (length > context) throw new RangeError(`the prompt has ${length} tokens, the model's context is ${context}`);
}
