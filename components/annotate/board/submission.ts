/** A press of the save button: how many clicks in a row it is (0 for a key), and when it came, in milliseconds. */
export interface Press {
  clicks: number;
  at: number;
}

const DOUBLE_PRESS_MS = 600;

/**
 * Whether this press is an intention of its own, not the second click of a double click or a key that is held. A press
 * that asked for something is never answered by its own echo.
 */
export function isNewIntention(press: Press, before: Press | null): boolean {
  if (before === null) return true;
  return press.clicks < 2 && press.at - before.at >= DOUBLE_PRESS_MS;
}

export type SaveObstacle = 'nothing' | 'untouched';

/**
 * Why a save must wait, as a key of `annotate.obstacles`, or null. "All are bad" speaks of every response, so nothing is
 * left to ask about. `asked`: the person was told once about untouched responses.
 */
export function saveObstacle(untouched: number, total: number, allBad: boolean, asked: boolean): SaveObstacle | null {
  if (allBad) return null;
  if (untouched === total) return 'nothing';
  return untouched > 0 && !asked ? 'untouched' : null;
}
