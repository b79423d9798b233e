/**
 * Lets the host run its timers and messages (a stop button, a progress bar) between micro-batches. Promises alone
 * never do: their callbacks run before any message is delivered. At most every 30 ms, because browsers stretch
 * repeated short timers to 4 ms each.
 */
export function createHostYield(everyMs = 30): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < everyMs) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
