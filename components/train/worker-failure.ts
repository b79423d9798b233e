/** Converts an error on the worker's side into a failure that the page can translate. */
import { MessageError } from '@/components/ui/browser-error';
import { asSentence } from '@/lib/i18n/translate-message';
import { inEnglish, messageOfError } from '@/trainer/index';
import type { Failure } from './failure';

export function failureOf(error: unknown): Failure {
  if (error instanceof MessageError) return { translatable: error.translatable, message: null };
  const translatable = messageOfError(error);
  return { translatable, message: asSentence(inEnglish(translatable)) };
}
