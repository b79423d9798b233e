/** How often a program may ask with one key: a window of a minute, counted in this process. */
import { Refusal, refusalMessage } from '@/lib/auth/refusal';
import { API_KEY_REQUESTS_PER_MINUTE } from '@/lib/schemas/api-key';

const WINDOW_MS = 60_000;
const windows = new Map<string, { endsAt: number; asked: number }>();

/**
 * Counts a request. @returns the headers that say how many are left (RateLimit header fields, an IETF draft of 2025)
 * @throws Refusal 'too_many' beyond the limit
 */
export function countRequest(keyId: string, now = Date.now()): Record<string, string> {
  let current = windows.get(keyId);
  if (!current || current.endsAt <= now) {
    // Windows that have ended are of no use to anybody: the map holds keys that were used in the last minute.
    for (const [other, { endsAt }] of windows) if (endsAt <= now) windows.delete(other);
    current = { endsAt: now + WINDOW_MS, asked: 0 };
    windows.set(keyId, current);
  }
  current.asked++;
  const seconds = Math.ceil((current.endsAt - now) / 1000);
  const left = API_KEY_REQUESTS_PER_MINUTE - current.asked;
  if (left < 0) {
    const values = { seconds };
    throw new Refusal('too_many', refusalMessage('tooManyRequests', values), undefined, seconds);
  }
  return {
    'ratelimit-policy': `"key";q=${API_KEY_REQUESTS_PER_MINUTE};w=${WINDOW_MS / 1000}`,
    ratelimit: `"key";r=${left};t=${seconds}`,
  };
}
