/** Translates messages into one language. */
import type { Message, MessageValue } from '@/trainer/contract/message';
import { LANGUAGES, type Language } from './locales';

/** Looks up the sentence of a full key, such as "refusals.notFound", and formats it. */
export type SentenceLookup = (key: string, values: Record<string, string | number>) => string;

export function translateMessage(sentence: SentenceLookup, language: Language, { key, values = {} }: Message): string {
  const translateValue = (value: MessageValue): string | number => {
    if (typeof value === 'object') return translateMessage(sentence, language, value);
    return typeof value === 'string' ? isolate(value, language) : value;
  };
  return sentence(
    key,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, translateValue(value)])),
  );
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** One word in Latin letters needs no isolation, and must not get any, since sentences may select a variant by it. */
const ONE_WORD = /^[A-Za-z_]*$/;

/** Wraps text by other people in U+2068 and U+2069 where its direction could differ from the sentence's. */
function isolate(text: string, language: Language): string {
  const needsIsolation = LANGUAGES[language].direction === 'rtl' ? !ONE_WORD.test(text) : RIGHT_TO_LEFT.test(text);
  return needsIsolation ? `\u2068${text}\u2069` : text;
}

/**
 * Turns a message of the trainer into a sentence. Those start in lower case and have no full stop, because the command
 * line puts a file's name before them. A file or field at the start keeps its spelling.
 */
export function asSentence(text: string, endsSentence: (text: string) => string = (words) => `${words}.`): string {
  const isName = /^\S*[._/]/.test(text);
  const sentence = isName ? text : (text[0] ?? '').toUpperCase() + text.slice(1);
  return /[.!?؟。]$/.test(sentence) ? sentence : endsSentence(sentence);
}
