/** What was told, in the words of one language. */
import type { Message, MessageValue } from '@/trainer/contract/message';
import { LANGUAGES, type Language } from './locales';

/** Of any namespace: "refusals.notFound". */
export type Sentence = (key: string, values: Record<string, string | number>) => string;

export function inWords(sentence: Sentence, language: Language, { key, values = {} }: Message): string {
  const said = (value: MessageValue): string | number => {
    if (typeof value === 'object') return inWords(sentence, language, value);
    return typeof value === 'string' ? isolated(value, language) : value;
  };
  return sentence(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, said(value)])));
}

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** One word in Latin letters: it has one direction as it is, and it may be what a sentence chooses its words by. */
const ONE_WORD = /^[A-Za-z_]*$/;

/** Text by others keeps to its own direction, and moves nothing around it: between U+2068 and U+2069 where it must. */
function isolated(text: string, language: Language): string {
  const apart = LANGUAGES[language].direction === 'rtl' ? !ONE_WORD.test(text) : RIGHT_TO_LEFT.test(text);
  return apart ? `\u2068${text}\u2069` : text;
}

/**
 * The trainer's words start in lower case and have no full stop, because the command line puts a file's name before
 * them. A file or field in front stays as it is called.
 */
export function asSentence(text: string, ended: (text: string) => string = (words) => `${words}.`): string {
  const isName = /^\S*[._/]/.test(text);
  const sentence = isName ? text : (text[0] ?? '').toUpperCase() + text.slice(1);
  return /[.!?؟。]$/.test(sentence) ? sentence : ended(sentence);
}
