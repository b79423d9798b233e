/** On the worker's side: any error as the page can be told of it. */
import { ToldError } from '@/components/ui/browser-error';
import { asSentence } from '@/lib/i18n/in-words';
import { inEnglish, toldOf } from '@/trainer/index';
import type { Failure } from './failure';

export function failureOf(error: unknown): Failure {
  if (error instanceof ToldError) return { told: error.told, message: null };
  const told = toldOf(error);
  return { told, message: asSentence(inEnglish(told)) };
}
