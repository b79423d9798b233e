/** Samples answers to prompts, one or several per prompt: batched, seeded by prompt, yielded as they are finished. */

import { type Message, message } from '../contract/message';
import { encodePrompt, encodePromptTruncated, type PromptInput, RecordError } from '../data/encode-record';
import { hashString } from '../data/hash-string';
import type { Model } from '../model/model';
import type { RenderedPrompt } from '../tokenizer/tokenizer';
import { type Generation, generateBatch } from './generate';
import { checkSampling, type Sampling } from './sample-token';
import { defaultMaxRows, tokenizerOf } from './score-records';

export interface SampleOptions extends Sampling {
  readonly model: Model;
  readonly prompts: readonly PromptInput[];
  /** Answers per prompt. Default 1. */
  readonly responses?: number;
  /** Most tokens of each answer. */
  readonly maxTokens: number;
  /**
   * The answers of a prompt depend on the seed, its id and their number only: not on the other prompts, nor on how many
   * fit into a batch. Default 0.
   */
  readonly seed?: number;
  /**
   * Most tokens of a prompt with its answer; a longer prompt is truncated. Absent: the context, and longer prompts are
   * refused.
   */
  readonly maxLength?: number;
  /** Called with a note on each truncated prompt. */
  readonly onNote?: (note: Message) => void;
  /** Rows of a batch: tokens of its prompts, and room for its answers. */
  readonly maxRows?: number;
  /**
   * Called with a prompt that cannot be answered and the reason; it gets no answers. Absent: RecordError, before any
   * work.
   */
  readonly onSkip?: (promptId: string, reason: string) => void;
  /** Called with the number of finished answers and of generated tokens. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly tokens: number }) => void;
  readonly signal?: AbortSignal;
}

export interface Sample {
  readonly text: string;
  readonly stopped: Generation['stopped'];
}

export interface PromptSamples {
  readonly promptId: string;
  readonly samples: readonly Sample[];
}

interface Job {
  readonly prompt: number;
  readonly asked: RenderedPrompt;
  readonly seed: number;
  readonly rows: number;
}

/** More sequences do not make a token cheaper, and each has a row of logits. */
const maxSequences = 32;

/**
 * Yields prompts in their order, each when all its answers are finished. Throws NoTokenizerError, RecordError,
 * RangeError on the sampling options, or the signal's reason.
 */
export async function* sampleResponses(options: SampleOptions): AsyncGenerator<PromptSamples> {
  const { model, prompts, responses = 1, maxTokens, onProgress, signal } = options;
  checkSampling(options);
  const jobs = jobsOf(options);
  const unfinished = new Map<number, Sample[]>();
  let done = 0;
  let tokens = 0;
  for (const batch of batches(jobs, options.maxRows ?? defaultMaxRows(model.config))) {
    const generated = await generateBatch({
      model,
      prompts: batch.map(({ asked }) => asked.ids),
      seeds: batch.map(({ seed }) => seed),
      maxTokens,
      temperature: options.temperature,
      topP: options.topP,
      signal,
    });
    for (const [i, { ids, stopped }] of generated.entries()) {
      const { prompt, asked } = batch[i]!;
      const samples = unfinished.get(prompt) ?? [];
      unfinished.set(prompt, samples);
      samples.push({ text: asked.decodeResponse(ids), stopped });
      done++;
      tokens += ids.length;
      if (samples.length < responses) continue;
      unfinished.delete(prompt);
      yield { promptId: prompts[prompt]!.id, samples };
    }
    onProgress?.({ done, total: jobs.length, tokens });
  }
}

/** One job per answer. */
function jobsOf(options: SampleOptions): Job[] {
  const { model, prompts, responses = 1, maxTokens, seed = 0, onSkip } = options;
  const context = model.config.maxPositions;
  return prompts.flatMap((one, prompt) => {
    const { id } = one;
    try {
      const asked = encodeForSampling(one, options);
      const rows = Math.min(context, asked.ids.length + maxTokens);
      return Array.from({ length: responses }, (_, i) => ({
        prompt,
        asked,
        rows,
        seed: hashString(`${id}\n${i}`, seed),
      }));
    } catch (error) {
      if (!(onSkip && error instanceof RecordError)) throw error;
      onSkip(id, error.message);
      return [];
    }
  });
}

/**
 * Encodes a prompt; it must leave room for at least one token, and one that is truncated leaves room for its answer.
 * Throws RecordError.
 */
function encodeForSampling(
  prompt: PromptInput,
  { model, maxTokens, maxLength, onNote }: SampleOptions,
): RenderedPrompt {
  const context = model.config.maxPositions;
  const tokenizer = tokenizerOf(model);
  const most = Math.min(context, maxLength ?? context);
  const asked =
    maxLength === undefined
      ? encodePrompt(prompt, tokenizer)
      : encodePromptTruncated(prompt, tokenizer, Math.max(most - maxTokens, most >> 1), onNote);
  const tokens = asked.ids.length;
  if (tokens < context) return asked;
  throw new RecordError(prompt.id, message('noRoomForAnswer', { prompt: prompt.id, tokens, context }));
}

function* batches(jobs: readonly Job[], maxRows: number): Generator<Job[]> {
  let batch: Job[] = [];
  let rows = 0;
  for (const job of jobs) {
    if (batch.length > 0 && (rows + job.rows > maxRows || batch.length === maxSequences)) {
      yield batch;
      batch = [];
      rows = 0;
    }
    batch.push(job);
    rows += job.rows;
  }
  if (batch.length > 0) yield batch;
}
