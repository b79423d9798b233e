/**
 * What people read, before it is in a language: the key of a sentence, and its values. An app looks the key up among its
 * sentences in each language; the command line has the English of the trainer's own in `sentences.ts`.
 */
import type { SentenceKey, sentences } from './sentences';

/** A value may be a message itself; one called `detail` is what another program says, in its own words. */
export type MessageValue = string | number | Message;

export interface Message {
  /** "trainer.noSuchFile" */
  readonly key: string;
  readonly values?: Readonly<Record<string, MessageValue>>;
}

/** A wrong line of a file, counted from 1 as an editor does. */
export interface BadLine {
  line: number;
  reason: Message;
}

type Names<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type ValuesOf<Key extends SentenceKey> = [Names<(typeof sentences)[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<Names<(typeof sentences)[Key]>, MessageValue>>];

/** A message of the trainer's own, with exactly the values that its sentence names. */
export function message<Key extends SentenceKey>(key: Key, ...[values]: ValuesOf<Key>): Message {
  return values === undefined ? { key: messageKey(key) } : { key: messageKey(key), values };
}

/** Also where zod wants a message: `issues.ts` makes one of it. */
export const messageKey = (key: SentenceKey): string => `trainer.${key}`;

/** "a, b": several as one, in a language's own way. */
export const listed = (all: readonly Message[]): Message =>
  all.reduceRight((rest, first) => message('listed', { first, rest }));

/** "a, or b" */
export const either = (all: readonly Message[]): Message =>
  all.reduceRight((rest, first) => message('either', { first, rest }));
