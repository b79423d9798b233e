/**
 * When a failed request is sent again: one policy for saves, drafts, the queue of prompts, reports of runs and uploads.
 * Pure.
 */

/**
 * Why the same request may succeed later: no answer, nobody signed in, an archived project, an overloaded server, or a
 * gateway's failure.
 */
export type RetryReason = 'offline' | 'signed-out' | 'archived' | 'busy' | 'fault';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;

/** 1 s after the first failure in a row, then 2, 4, 8, 16 and 30 s. */
export function retryDelayMs(failures: number): number {
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.max(0, failures - 1));
}

/**
 * @param status of the unsuccessful answer; 0 if none came
 * @returns null if the server refused the request permanently
 */
export function retryReason(status: number): RetryReason | null {
  if (status === 0) return 'offline';
  if (status === 401) return 'signed-out';
  if (status === 423) return 'archived';
  if ([408, 425, 429, 503].includes(status)) return 'busy';
  // Below 400: another party answered instead of the server, such as the sign-in page of a network.
  return status >= 500 || status < 400 ? 'fault' : null;
}
