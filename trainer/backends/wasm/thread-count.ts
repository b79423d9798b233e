/** How many threads the kernels get when nobody says. */

/** More help little: memory's bandwidth and the attention of few key heads end it. */
const MOST = 8;

/** 1 where threads cannot share memory or this one may not wait for others (a page's own thread). */
export function automaticThreads(): number {
  if (!mayWait()) return 1;
  // Node 20 has no navigator; bundles for browsers never see Node's module.
  const cores = globalThis.process?.getBuiltinModule?.('os').availableParallelism() ?? navigator.hardwareConcurrency;
  return Math.max(1, Math.min(cores || 1, MOST));
}

function mayWait(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === 'not-equal';
  } catch {
    return false;
  }
}
