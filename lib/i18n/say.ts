/** Sentences of every language at once: for the server, where the language is the request's and not the page's. */
import { createTranslator, type Messages } from 'next-intl';
import type { Told } from '@/lib/schemas/told';
import ar from '@/messages/ar.json';
import en from '@/messages/en.json';
import ja from '@/messages/ja.json';
import { inWords, type Sentence } from './in-words';
import { LANGUAGE_CODES, LANGUAGES, type Language } from './locales';

export type Say = (told: Told) => string;

const messagesOf: Record<Language, Messages> = { en, ar, ja };

const sayIn = (language: Language): Say => {
  const { tag } = LANGUAGES[language];
  const sentence = createTranslator({ locale: tag, messages: messagesOf[language] }) as unknown as Sentence;
  return (told) => inWords(sentence, language, told);
};

const sayings = new Map<Language, Say>(LANGUAGE_CODES.map((language) => [language, sayIn(language)]));

export const say = (language: Language, told: Told): string => sayings.get(language)!(told);
