/** The English of the trainer's own messages: for the command line and for the text of an error. */
import type { Message } from './message';
import { type SentenceKey, sentences } from './sentences';

/** Names of the kinds of values. Other languages translate the same words. */
const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/** A message in English, in lower case and without a full stop, since a file name may precede it. */
export function inEnglish({ key, values = {} }: Message): string {
  const sentence: string = sentences[key.slice('trainer.'.length) as SentenceKey];
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]!;
    if (typeof value === 'object') return inEnglish(value);
    const isKind = key === 'trainer.mustBe' && Object.hasOwn(kinds, value);
    return isKind ? kinds[value]! : String(value);
  });
}
