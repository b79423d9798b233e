import { type Language, languageOf } from '@/lib/i18n/locales';
import { asSentence, translateMessage } from '@/lib/i18n/translate-message';
import type { Message } from '@/trainer/contract/message';
import { ApiError } from './api';
import { MessageError } from './browser-error';

const statuses = [401, 403, 404, 409, 413, 429];
const codes = ['network', 'aborted', 'not_json'];

/** The result of `useTranslations()` without a namespace: the keys are computed. */
export interface Sentences {
  (key: string, values?: Record<string, string | number>): string;
  has(key: string): boolean;
}

/** The sentence for any failure, in the language of the page; the message of a refusal is in that language already. */
export function errorSentence(t: Sentences, locale: string, error: unknown): string {
  if (error instanceof MessageError) return messageSentence(t, locale, error.translatable) ?? error.message;
  // A refusal's message is translated already.
  if (typeof error === 'string') return error;
  if (!(error instanceof ApiError)) return unexpectedError(t, locale, error);
  if (codes.includes(error.code)) return t(`ui.errors.${error.code}`);
  if (error.code !== 'unexplained') return error.message;
  if (statuses.includes(error.status)) return t(`ui.errors.status.${error.status}`);
  return t('ui.errors.status.other', { status: error.status });
}

/** Null if this page lacks the message or one nested in it. */
export function messageSentence(t: Sentences, locale: string, message: Message): string | null {
  if (!hasSentence(t, message)) return null;
  const language: Language = languageOf(locale);
  const text = translateMessage(t, language, message);
  return message.key.startsWith('trainer.') ? asSentence(text, (part) => t('ui.sentence', { text: part })) : text;
}

const hasSentence = (t: Sentences, { key, values = {} }: Message): boolean =>
  t.has(key) && Object.values(values).every((value) => typeof value !== 'object' || hasSentence(t, value));

/**
 * For failures without a translation: the original message, introduced by a translated sentence on other pages than
 * English ones.
 */
function unexpectedError(t: Sentences, locale: string, error: unknown): string {
  if (!(error instanceof Error)) return t('ui.errors.unknown');
  return translateMessage(t, languageOf(locale), { key: 'ui.errors.unforeseen', values: { detail: error.message } });
}
