import type { Task } from '@/lib/schemas/annotation';

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

/** What left this page by prompt id: the responses that were on its board; null for a skip. */
export type Submitted = ReadonlyMap<string, ReadonlySet<string> | null>;

/**
 * Whether a prompt that the server offers is to be judged here. One that was submitted is offered again when responses
 * were added that its board did not show, or when the answer was sent back; any other answer was on its way when the submission arrived.
 */
export function isOpen({ promptId, responses, annotation, sentBack }: Task, submitted: Submitted): boolean {
  const seen = submitted.get(promptId);
  // While the answer to a note is on its way, the prompt is not asked for.
  if (seen === undefined || sentBack) return true;
  if (seen === null || annotation === null) return false;
  const judged = new Set(annotation.placements.map(({ responseId }) => responseId));
  return [...seen].every((id) => judged.has(id)) && responses.some(({ id }) => !seen.has(id));
}
