/** What a worker tells the page of a failure: errors do not travel whole, and a worker speaks no language. */
import { BrowserError, ToldError } from '@/components/ui/browser-error';
import type { Told } from '@/lib/schemas/told';

export interface Failure {
  readonly told: Told;
  /** In English; null where only the page's sentences have it. */
  readonly message: string | null;
}

/** On the page's side. */
export const errorOf = ({ told, message }: Failure): ToldError => new ToldError(told, message ?? undefined);

/** A worker that could not be started, or sent what nobody can read: the browser says why, or nothing. */
export function brokenWorker(detail: string | undefined): Failure {
  const error = detail ? new BrowserError('workerBroke', { detail }) : new BrowserError('worker');
  return { told: error.told, message: null };
}
