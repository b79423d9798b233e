/** At least this many prompts stand ready behind the one on screen: enough for a train ride without a network. */
export const READY_AHEAD = 20;
const FULL = 25;
const FIRST = 2;
/** What the server gives at once. */
const STEP = 10;
/** Keeps the address of the request below 12 KB. */
const MAX_EXCLUDED = 300;

/**
 * What to ask the server for next, or null while enough is there. The first request is small, so that the first
 * prompt is on screen soon. `unsent`: prompts whose annotation the server does not have yet.
 */
export function nextRequest(
  ahead: readonly string[],
  unsent: readonly string[],
): { count: number; exclude: string[] } | null {
  if (ahead.length > READY_AHEAD) return null;
  const count = ahead.length === 0 ? FIRST : Math.min(STEP, FULL - ahead.length);
  return { count, exclude: [...new Set([...ahead, ...unsent])].slice(0, MAX_EXCLUDED) };
}
