/**
 * What the trainer says of a failure: a key with values. `sentences.ts` has the English of each key, for the command
 * line; an app that speaks other languages looks the key up among its own sentences.
 */
import { type SentenceKey, sentences } from './sentences';

export type ToldValue = string | number | Told;

export interface Told {
  /** "trainer.noSuchFile" */
  readonly key: string;
  readonly values?: Readonly<Record<string, ToldValue>>;
}

type Names<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type ValuesOf<Key extends SentenceKey> = [Names<(typeof sentences)[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<Names<(typeof sentences)[Key]>, ToldValue>>];

export function told<Key extends SentenceKey>(key: Key, ...[values]: ValuesOf<Key>): Told {
  return values === undefined ? { key: `trainer.${key}` } : { key: `trainer.${key}`, values };
}

/** "a, b": several as one, in a language's own way. */
export const listed = (all: readonly Told[]): Told => all.reduceRight((rest, first) => told('listed', { first, rest }));

/** "a, or b" */
export const either = (all: readonly Told[]): Told => all.reduceRight((rest, first) => told('either', { first, rest }));

/** The kinds of values as people call them; other languages have their own names for the same words. */
const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** Without a full stop, in lower case: a file's name may come before it. */
export function inEnglish({ key, values = {} }: Told): string {
  const sentence: string = sentences[key.slice('trainer.'.length) as SentenceKey];
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]!;
    if (typeof value === 'object') return inEnglish(value);
    const isKind = key === 'trainer.mustBe' && Object.hasOwn(kinds, value);
    return isKind ? kinds[value]! : String(value);
  });
}

/** A failure that people can be told of. */
export class TrainerError extends Error {
  constructor(
    readonly told: Told,
    options?: ErrorOptions,
  ) {
    super(inEnglish(told), options);
  }
}

/** What there is to tell of an error of any kind. What other programs say stays in their words. */
export function toldOf(error: unknown): Told {
  if (error instanceof TrainerError) return error.told;
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof RangeError && /allocat|memory/i.test(detail)) return told('allocationFailed', { detail });
  if (error instanceof Error && error.name === 'QuotaExceededError') return told('storageFull', { detail });
  return told('internal', { detail });
}
