/** What formats take from a record: its pairs with their texts, its prompt as messages or as one text, its order. */
import type { ChatMessage, SnapshotRecord, SnapshotResponse } from '@/trainer/contract/record';
import { representativeIds } from '@/trainer/data/response-text';
import type { RowContext } from './exporter';

export interface TextPair {
  readonly chosen: SnapshotResponse;
  readonly rejected: SnapshotResponse;
  readonly margin: number;
  readonly support: readonly string[];
  readonly against: readonly string[];
}

/** The pairs of a record, without those of equal texts: snapshots from before these were tied may contain some. */
export function textPairs(record: SnapshotRecord): TextPair[] {
  const responses = new Map(record.responses.map((response) => [response.id, response]));
  const first = representativeIds(record.responses);
  return record.pairs
    .filter(({ chosen, rejected }) => first.get(chosen) !== first.get(rejected))
    .map((pair) => ({ ...pair, chosen: responses.get(pair.chosen)!, rejected: responses.get(pair.rejected)! }));
}

/** Trainers have no documents, so they are put before the question as this project's trainer renders them. */
export function promptMessages({ prompt, documents = [] }: SnapshotRecord): ChatMessage[] {
  if (documents.length === 0) return prompt;
  const listed = documents.map(({ title, text }, i) => `Document [${i + 1}] (Title: ${title}) ${text}`);
  const question = prompt.findLastIndex(({ role }) => role === 'user');
  if (question === -1) return [{ role: 'user', content: listed.join('\n\n') }, ...prompt];
  return prompt.map((message, i) =>
    i === question ? { ...message, content: [...listed, message.content].join('\n\n') } : message,
  );
}

/** The system message that a prompt begins with ('' for none), and the messages after it. */
export function splitSystem(messages: readonly ChatMessage[]): { system: string; turns: readonly ChatMessage[] } {
  const [first, ...rest] = messages;
  return first?.role === 'system' ? { system: first.content, turns: rest } : { system: '', turns: messages };
}

const speakers = { system: 'System', user: 'User', assistant: 'Assistant' } as const;

/** Messages as one text: a single message is its text, several are named turns with a blank line between. */
export function asOneText(messages: readonly ChatMessage[]): string {
  if (messages.length === 1) return messages[0]!.content;
  return messages.map(({ role, content }) => `${speakers[role]}: ${content}`).join('\n\n');
}

export const assistant = (content: string): ChatMessage => ({ role: 'assistant', content });

/** A response as the messages that follow its prompt. */
export const answer = (content: string): ChatMessage[] => [assistant(content)];

/** Whether turns go user, assistant, user, … and end with the user, as some trainers demand. */
export const alternates = (turns: readonly ChatMessage[]): boolean =>
  turns.length % 2 === 1 && turns.every(({ role }, i) => role === (i % 2 === 0 ? 'user' : 'assistant'));

const NOT_ALTERNATING = 'its prompt does not alternate between user and assistant, so the trainer would skip it';

/** The prompt's messages for a trainer that needs alternating turns; null, with its rows noted as left out, where they do not. */
export function alternatingMessages(record: SnapshotRecord, context: RowContext, rows: number): ChatMessage[] | null {
  const messages = promptMessages(record);
  if (alternates(splitSystem(messages).turns)) return messages;
  context.leaveOut(NOT_ALTERNATING, rows);
  return null;
}

/**
 * Response id -> rank, 0 = best, equal for ties; what is not in it was not compared. The ranks are consensus tiers where
 * these agree with the pairs; where there are none (heuristics), a response comes after all that are better.
 */
export function ranks({ responses, pairs }: SnapshotRecord): Map<string, number> {
  const tiers = new Map(responses.flatMap(({ id, tier }) => (tier === undefined ? [] : [[id, tier] as const])));
  const agree = pairs.every(({ chosen, rejected }) => tiers.get(chosen)! < tiers.get(rejected)!);
  const levels = agree ? tiers : levelsBelow(pairs);
  const present = [...new Set(levels.values())].sort((a, b) => a - b);
  const rankOf = new Map(present.map((level, rank) => [level, rank]));
  return new Map([...levels].map(([id, level]) => [id, rankOf.get(level)!]));
}

/** The length of the longest chain of better responses above each. */
function levelsBelow(pairs: SnapshotRecord['pairs']): Map<string, number> {
  const better = new Map<string, string[]>();
  for (const { chosen, rejected } of pairs) {
    better.set(rejected, [...(better.get(rejected) ?? []), chosen]);
    if (!better.has(chosen)) better.set(chosen, []);
  }
  const levels = new Map<string, number>();
  const level = (id: string): number => {
    const known = levels.get(id);
    if (known !== undefined) return known;
    // Records have no circles (contradictionsOf refuses them), so this ends.
    const found = Math.max(-1, ...better.get(id)!.map(level)) + 1;
    levels.set(id, found);
    return found;
  };
  for (const id of better.keys()) level(id);
  return levels;
}

/** The compared responses, each text once, with their ranks; in the order of the record. */
export function rankedResponses(record: SnapshotRecord): { response: SnapshotResponse; rank: number }[] {
  const rankOf = ranks(record);
  const first = representativeIds(record.responses);
  return record.responses.flatMap((response) => {
    const rank = rankOf.get(response.id);
    return rank === undefined || first.get(response.id) !== response.id ? [] : [{ response, rank }];
  });
}

const IN_THE_MIDDLE = 'it is better than one response and worse than another, so it is neither good nor bad';

/** Good responses lose no pair and win one, bad ones the reverse; those in the middle are noted as left out. */
export function labelledResponses(
  record: SnapshotRecord,
  context: RowContext,
): { response: SnapshotResponse; isGood: boolean }[] {
  const pairs = textPairs(record);
  const winners = new Set(pairs.map(({ chosen }) => chosen.id));
  const losers = new Set(pairs.map(({ rejected }) => rejected.id));
  context.leaveOut(IN_THE_MIDDLE, [...winners].filter((id) => losers.has(id)).length);
  return record.responses
    .filter(({ id }) => winners.has(id) !== losers.has(id))
    .map((response) => ({ response, isGood: winners.has(response.id) }));
}

/** The split that a snapshot puts a record in; those without splits are all for training. */
export function splitOf(record: SnapshotRecord): string {
  const { split } = record as SnapshotRecord & { split?: unknown };
  return typeof split === 'string' && /^[a-z][a-z0-9_-]{0,30}$/.test(split) ? split : 'train';
}
