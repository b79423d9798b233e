import { setImmediate as nextTurn } from 'node:timers/promises';

/** The longest time for which a job blocks the event loop. */
const BUDGET_MS = 8;

/**
 * The function that it returns, awaited between parts of a long loop, yields to the event loop once the budget is used
 * up.
 */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < BUDGET_MS) return;
    await nextTurn();
    since = performance.now();
  };
}
