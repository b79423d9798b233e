/** Translation on the server, where each request may be in another language. */
import { createTranslator, type Messages } from 'next-intl';
import ar from '@/messages/ar.json';
import en from '@/messages/en.json';
import ja from '@/messages/ja.json';
import type { Message } from '@/trainer/contract/message';
import { LANGUAGE_CODES, LANGUAGES, type Language } from './locales';
import { type SentenceLookup, translateMessage } from './translate-message';

export type Translate = (message: Message) => string;

const messagesOf: Record<Language, Messages> = { en, ar, ja };

const translateTo = (language: Language): Translate => {
  const { tag } = LANGUAGES[language];
  const sentence = createTranslator({ locale: tag, messages: messagesOf[language] }) as unknown as SentenceLookup;
  return (message) => translateMessage(sentence, language, message);
};

const translators = new Map<Language, Translate>(LANGUAGE_CODES.map((language) => [language, translateTo(language)]));

export const translate = (language: Language, message: Message): string => translators.get(language)!(message);
