import { type Language, languageOf } from '@/lib/i18n/locales';
import { asSentence, translateMessage } from '@/lib/i18n/translate-message';
import type { Message } from '@/trainer/contract/message';
import { ApiError } from './api';
import { MessageError } from './browser-error';

const statuses = [401, 403, 404, 409, 413, 429];
const codes = ['network', 'aborted', 'not_json'];

/** What `useTranslations()` gives, without a namespace: the keys come from elsewhere. */
export interface Sentences {
  (key: string, values?: Record<string, string | number>): string;
  has(key: string): boolean;
}

/** The sentence for a failure of any kind, in the language of the page; a refusal's words are in it already. */
export function errorSentence(t: Sentences, locale: string, error: unknown): string {
  if (error instanceof MessageError) return messageSentence(t, locale, error.translatable) ?? error.message;
  // Words already.
  if (typeof error === 'string') return error;
  if (!(error instanceof ApiError)) return unexpectedError(t, locale, error);
  if (codes.includes(error.code)) return t(`ui.errors.${error.code}`);
  if (error.code !== 'unexplained') return error.message;
  if (statuses.includes(error.status)) return t(`ui.errors.status.${error.status}`);
  return t('ui.errors.status.other', { status: error.status });
}

/** Null where this page does not have the sentence, or one in it. */
export function messageSentence(t: Sentences, locale: string, message: Message): string | null {
  if (!hasSentence(t, message)) return null;
  const language: Language = languageOf(locale);
  const text = translateMessage(t, language, message);
  return message.key.startsWith('trainer.') ? asSentence(text, (part) => t('ui.sentence', { text: part })) : text;
}

const hasSentence = (t: Sentences, { key, values = {} }: Message): boolean =>
  t.has(key) && Object.values(values).every((value) => typeof value !== 'object' || hasSentence(t, value));

/** What nobody has a sentence for: other programs' words, with ours before them where the page is not in English. */
function unexpectedError(t: Sentences, locale: string, error: unknown): string {
  if (!(error instanceof Error)) return t('ui.errors.unknown');
  return translateMessage(t, languageOf(locale), { key: 'ui.errors.unforeseen', values: { detail: error.message } });
}
