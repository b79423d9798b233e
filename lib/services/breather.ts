import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longer than this, long work does not keep the server from answering others. */
const BUDGET_MS = 8;

/** Awaited between pieces of long work, it lets others have their turn once the budget is used up. */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < BUDGET_MS) return;
    await nextTurn();
    since = performance.now();
  };
}
