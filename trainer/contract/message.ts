/**
 * A message before translation: the key of a sentence, and its values. An app looks the key up among its sentences in
 * each language; the command line uses the trainer's own English in `sentences.ts`.
 */
import type { SentenceKey, sentences } from './sentences';

/** A value may be a message itself. One called `detail` is the text of another program, untranslated. */
export type MessageValue = string | number | Message;

export interface Message {
  /** For example "trainer.noSuchFile". */
  readonly key: string;
  readonly values?: Readonly<Record<string, MessageValue>>;
}

/** A line of a file that cannot be used, numbered from 1. */
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

/** A message of the trainer, with exactly the values that its sentence names. */
export function message<Key extends SentenceKey>(key: Key, ...[values]: ValuesOf<Key>): Message {
  return values === undefined ? { key: messageKey(key) } : { key: messageKey(key), values };
}

/** The whole key of a sentence. Zod schemas take it as a message, which `issues.ts` turns into a Message. */
export const messageKey = (key: SentenceKey): string => `trainer.${key}`;

/** Several messages as one: "a, b", joined as the language does it. */
export const listed = (all: readonly Message[]): Message =>
  all.reduceRight((rest, first) => message('listed', { first, rest }));

/** Alternatives as one message: "a, or b". */
export const either = (all: readonly Message[]): Message =>
  all.reduceRight((rest, first) => message('either', { first, rest }));
