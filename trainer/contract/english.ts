/** The English of the trainer's own messages, for whoever speaks no other language: the command line, an error's text. */
import type { Message } from './message';
import { type SentenceKey, sentences } from './sentences';

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
export function inEnglish({ key, values = {} }: Message): string {
  const sentence: string = sentences[key.slice('trainer.'.length) as SentenceKey];
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]!;
    if (typeof value === 'object') return inEnglish(value);
    const isKind = key === 'trainer.mustBe' && Object.hasOwn(kinds, value);
    return isKind ? kinds[value]! : String(value);
  });
}
