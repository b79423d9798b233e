import { createTranslator, type Messages } from 'next-intl';
import ar from '@/messages/ar.json';
import en from '@/messages/en.json';
import ja from '@/messages/ja.json';
import { LANGUAGES, type Language } from './locales';
import type { Translator } from './translator';

const messagesOf: Record<Language, Messages> = { en, ar, ja };

/** A translator with the real messages, for tests. */
export function translatorFor<Namespace extends keyof Messages>(
  namespace: Namespace,
  language: Language = 'en',
): Translator<Namespace> {
  const { tag } = LANGUAGES[language];
  return createTranslator({
    locale: tag,
    messages: messagesOf[language],
    namespace,
  }) as unknown as Translator<Namespace>;
}
