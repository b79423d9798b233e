/** The default number of kernel threads. */

/** More threads help little: memory bandwidth limits them, and attention has few key heads to distribute. */
const MAX_THREADS = 8;

/** 1 where threads cannot share memory, or where this thread may not block (the main thread of a page). */
export function automaticThreads(): number {
  if (!mayBlock()) return 1;
  // Node 20 has no `navigator`. Through `process`, so that bundles for browsers never refer to a Node module.
  const cores = globalThis.process?.getBuiltinModule?.('os').availableParallelism() ?? navigator.hardwareConcurrency;
  return Math.max(1, Math.min(cores || 1, MAX_THREADS));
}

function mayBlock(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  try {
    return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1) === 'not-equal';
  } catch {
    return false;
  }
}
