import { setImmediate as nextTurn } from 'node:timers/promises';

/** The longest time for which a job blocks the event loop. */
const BUDGET_MS = 8;

/**
 * The function that it returns, awaited between parts of a long loop, yields to the event loop once the budget is used
 * up.
 */
export function createYielder(): () => Promise<void> {
  let sliceStart = performance.now();
  return async () => {
    if (performance.now() - sliceStart < BUDGET_MS) return;
    await nextTurn();
    sliceStart = performance.now();
  };
}
