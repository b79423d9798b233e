/** What a worker tells the page of a failure: errors do not travel whole, and a worker speaks no language. */
import { BrowserError, MessageError } from '@/components/ui/browser-error';
import type { Message } from '@/trainer/contract/message';

export interface Failure {
  readonly translatable: Message;
  /** In English; null where only the page's sentences have it. */
  readonly message: string | null;
}

/** On the page's side. */
export const toError = ({ translatable, message }: Failure): MessageError =>
  new MessageError(translatable, message ?? undefined);

/** A worker that could not be started, or sent what nobody can read: the browser says why, or nothing. */
export function workerFailure(detail: string | undefined): Failure {
  const error = detail ? new BrowserError('workerBroke', { detail }) : new BrowserError('worker');
  return { translatable: error.translatable, message: null };
}
