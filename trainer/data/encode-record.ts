/**
 * From a snapshot record to token ids: which response is the target, how long a score's normalisation is, and what
 * happens when a prompt does not fit the model's context.
 */

import { type Message, message } from '../contract/message';
import type { ChatMessage, PromptDocument, SnapshotRecord } from '../contract/record';
import type { RenderedPrompt, Tokenizer } from '../tokenizer/tokenizer';
import { TokenizerError } from '../tokenizer/tokenizer-error';
import { TrainerError } from '../trainer-error';
import type { EncodedPrompt, EncodedResponse } from './encoded-prompt';
import { representativeIds } from './response-text';

export interface EncodeOptions {
  /** Tokens that prompt and response together may take: at most the model's context. */
  readonly maxLength: number;
  /** lambda of responses whose source is 'human', and of all others. By source, never by position. */
  readonly lambdaHuman: number;
  readonly lambdaModel: number;
  /**
   * What to do with a record that is too long. 'refuse' (default): PromptTooLongError. 'truncate': drop documents from
   * the last, then cut the prompt from the left, then responses from the right, keeping BOS and EOS.
   */
  readonly overlong?: 'refuse' | 'truncate';
  /** Hears what 'truncate' did. */
  readonly onTruncate?: (note: Message) => void;
}

/** A record that cannot be encoded. */
export class RecordError extends TrainerError {
  override readonly name: string = 'RecordError';
  constructor(
    readonly promptId: string,
    reason: Message,
  ) {
    super(reason);
  }
}

/** A record that needs more tokens than there are. */
export class PromptTooLongError extends RecordError {
  override readonly name = 'PromptTooLongError';
  constructor(
    promptId: string,
    readonly promptTokens: number,
    readonly responseTokens: number,
    readonly maxLength: number,
  ) {
    super(
      promptId,
      message('promptTooLong', {
        prompt: promptId,
        tokens: promptTokens,
        responseTokens,
        together: promptTokens + responseTokens,
        most: maxLength,
      }),
    );
  }
}

/** What a model is asked. */
export interface PromptInput {
  readonly id: string;
  readonly prompt: readonly ChatMessage[];
  readonly documents?: readonly PromptDocument[];
}

/** Throws RecordError when the model's chat template refuses the messages, or makes no tokens of them. */
export function encodePrompt({ id, prompt, documents }: PromptInput, tokenizer: Tokenizer): RenderedPrompt {
  let rendered: RenderedPrompt;
  try {
    rendered = tokenizer.renderPrompt(prompt, documents);
  } catch (error) {
    if (!(error instanceof TokenizerError)) throw error;
    throw new RecordError(id, message('ofPrompt', { prompt: id, reason: error.translatable }));
  }
  if (rendered.ids.length === 0) throw new RecordError(id, message('promptEmpty', { prompt: id }));
  return rendered;
}

/** A prompt that is to be answered, cut as `truncate` cuts where it takes more than `room` tokens. */
export function encodePromptTruncated(
  asked: PromptInput,
  tokenizer: Tokenizer,
  room: number,
  onTruncate?: (note: Message) => void,
): RenderedPrompt {
  const whole = encodePrompt(asked, tokenizer);
  const { shorter } = dropDocuments(asked, tokenizer, whole, room);
  const ids = cutLeft(shorter.ids, tokenizer, room);
  if (ids.length < whole.ids.length) {
    onTruncate?.(message('askedCut', { prompt: asked.id, from: whole.ids.length, to: ids.length }));
  }
  return { ...shorter, ids };
}

/** Throws PromptTooLongError, or RecordError when the prompt itself cannot be encoded. */
export function encodeRecord(record: SnapshotRecord, tokenizer: Tokenizer, options: EncodeOptions): EncodedPrompt {
  const whole = encodePrompt(record, tokenizer);
  const responses = encodeResponses(record, whole, options);
  const fitted =
    whole.ids.length + longest(responses) <= options.maxLength
      ? { promptIds: whole.ids, responses }
      : shorten(record, tokenizer, whole, responses, options);
  const index = new Map(record.responses.map(({ id }, i) => [id, i]));
  return {
    id: record.id,
    ...fitted,
    pairs: record.pairs.map(({ chosen, rejected }) => ({
      chosen: index.get(chosen) as number,
      rejected: index.get(rejected) as number,
    })),
    target: targetOf(record),
  };
}

/**
 * Index of the SFT target. An explicit `target` wins (null: none). Else the best tier's response, human first, then the
 * first as imported. A record without tiers (a heuristic order) counts as best what some pair chooses and none rejects.
 */
export function targetOf(record: SnapshotRecord): number | null {
  const { responses, pairs, target } = record;
  if (target === null) return null;
  if (target !== undefined) return responses.findIndex(({ id }) => id === target);
  const tiers = responses.flatMap(({ tier }) => (tier === undefined ? [] : [tier]));
  const best = tiers.reduce((least, tier) => Math.min(least, tier), Infinity);
  // By text: no text is imitated that some pair rejects.
  const text = representativeIds(responses);
  const chosen = new Set(pairs.map((pair) => text.get(pair.chosen)));
  for (const { rejected } of pairs) chosen.delete(text.get(rejected));
  const isBest =
    tiers.length > 0 ? responses.map(({ tier }) => tier === best) : responses.map(({ id }) => chosen.has(text.get(id)));
  const human = responses.findIndex(({ source }, i) => isBest[i] && source === 'human');
  const first = human >= 0 ? human : isBest.indexOf(true);
  return first < 0 ? null : first;
}

function encodeResponses(
  { responses }: SnapshotRecord,
  prompt: RenderedPrompt,
  { lambdaHuman, lambdaModel }: EncodeOptions,
): EncodedResponse[] {
  return responses.map(({ id, text, source }) => ({
    id,
    ids: prompt.encodeResponse(text),
    lengthExponent: source === 'human' ? lambdaHuman : lambdaModel,
  }));
}

const longest = (responses: readonly EncodedResponse[]) =>
  responses.reduce((most, { ids }) => Math.max(most, ids.length), 0);

function shorten(
  record: SnapshotRecord,
  tokenizer: Tokenizer,
  whole: RenderedPrompt,
  responses: readonly EncodedResponse[],
  options: EncodeOptions,
): { promptIds: readonly number[]; responses: readonly EncodedResponse[] } {
  const { maxLength, overlong = 'refuse', onTruncate } = options;
  if (overlong === 'refuse' || maxLength < 4) {
    throw new PromptTooLongError(record.id, whole.ids.length, longest(responses), maxLength);
  }
  const room = maxLength - longest(responses);
  const { shorter, dropped } = dropDocuments(record, tokenizer, whole, room);
  const behind = encodeResponses(record, shorter, options);
  // A response may use what the prompt leaves, and at least half of the window, so that neither displaces the other.
  const responseRoom = Math.max(maxLength - shorter.ids.length, Math.floor(maxLength / 2));
  const cut = behind.map((response) =>
    response.ids.length <= responseRoom
      ? response
      : { ...response, ids: [...response.ids.slice(0, responseRoom - 1), tokenizer.eosId] },
  );
  const promptIds = cutLeft(shorter.ids, tokenizer, maxLength - longest(cut));
  const cutTo = {
    prompt: record.id,
    from: whole.ids.length,
    to: promptIds.length,
    responseFrom: longest(responses),
    responseTo: longest(cut),
  };
  const documents = record.documents?.length ?? 0;
  onTruncate?.(
    dropped > 0 ? message('promptCutDocuments', { ...cutTo, dropped, documents }) : message('promptCut', cutTo),
  );
  return { promptIds, responses: cut };
}

/** Drops documents from the last on, until the prompt fits into `room` tokens or none are left. */
function dropDocuments(
  { prompt, documents = [] }: PromptInput,
  tokenizer: Tokenizer,
  whole: RenderedPrompt,
  room: number,
) {
  const left = [...documents];
  let shorter = whole;
  while (left.length > 0 && shorter.ids.length > room) {
    left.pop();
    shorter = tokenizer.renderPrompt(prompt, left);
  }
  return { shorter, dropped: documents.length - left.length };
}

/** The last tokens of the prompt, after BOS where it had one. */
function cutLeft(ids: readonly number[], { bosId }: Tokenizer, room: number): readonly number[] {
  if (ids.length <= room) return ids;
  const start = bosId !== null && ids[0] === bosId ? [bosId] : [];
  return [...start, ...ids.slice(ids.length - room + start.length)];
}
