/**
 * When a request that did not get through is sent again: the one answer for saves, drafts, the queue of prompts, reports
 * of runs and uploads. Pure.
 */

/** Why the same request may get through later: no answer, nobody signed in, too much to do, or a fault on the way. */
export type RetryReason = 'offline' | 'signed-out' | 'busy' | 'fault';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** 1 s after the first failure in a row, then 2, 4, 8, 16 and 30 s. */
export function retryDelayMs(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
}

/**
 * @param status of the answer that was no success; 0 when none came
 * @returns null when the server refused: the same request will never be taken
 */
export function retryReason(status: number): RetryReason | null {
  if (status === 0) return 'offline';
  if (status === 401) return 'signed-out';
  if ([408, 425, 429, 503].includes(status)) return 'busy';
  // Below 400: something on the way answered for the server, as the sign-in page of a network does.
  return status >= 500 || status < 400 ? 'fault' : null;
}
