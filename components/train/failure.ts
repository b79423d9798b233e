/** A failure as a worker posts it: error classes are lost by structured cloning, and workers have no translations. */
import { BrowserError, MessageError } from '@/components/ui/browser-error';
import type { Message } from '@/trainer/contract/message';

export interface Failure {
  readonly translatable: Message;
  /** The message in English; null if only the page can translate `key`. */
  readonly message: string | null;
}

/** Restores the error on the page's side. */
export const toError = ({ translatable, message }: Failure): MessageError =>
  new MessageError(translatable, message ?? undefined);

/** The error of a worker that could not be started or sent an unreadable message; browsers may give no reason. */
export function workerFailure(detail: string | undefined): Failure {
  const error = detail ? new BrowserError('workerBroke', { detail }) : new BrowserError('worker');
  return { translatable: error.translatable, message: null };
}
