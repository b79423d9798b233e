/** The words by which threads synchronise, behind the static data; each on a cache line of its own per writer. */

// @ts-expect-error: decorator
@lazy const START: usize = (__heap_base + 63) & ~63;
const BYTES: usize = 2048;

/** Next item to be taken in this call. */
// @ts-expect-error: decorator
@inline export function itemWord(): usize { return START; }
/** Number of threads at the barrier, and of barriers passed. */
// @ts-expect-error: decorator
@inline export function arrivedWord(): usize { return START + 64; }
// @ts-expect-error: decorator
@inline export function phaseWord(): usize { return START + 128; }
/** Number of calls begun, and the kernel that is called. */
// @ts-expect-error: decorator
@inline export function begunWord(): usize { return START + 192; }
// @ts-expect-error: decorator
@inline export function kernelWord(): usize { return START + 196; }
/** Number of workers busy with this call, and of calls that all of them have finished. */
// @ts-expect-error: decorator
@inline export function busyWord(): usize { return START + 256; }
// @ts-expect-error: decorator
@inline export function finishedWord(): usize { return START + 320; }
/** 1 once a thread has claimed a failure, and once it has published it. */
// @ts-expect-error: decorator
@inline export function claimedWord(): usize { return START + 384; }
// @ts-expect-error: decorator
@inline export function failedWord(): usize { return START + 388; }

/** A call's arguments: up to 16 f64. */
export function argumentsStart(): usize {
  return START + 512;
}

/** Why a thread failed: an i32 length, then up to 1000 bytes of UTF-8. */
export function messageStart(): usize {
  return START + 1024;
}

// @ts-expect-error: decorator
@inline export function wordsEnd(): usize { return START + BYTES; }

/** Number of times that a waiting thread polls before it sleeps: tens of microseconds. */
const SPINS: i32 = 10_000;

/** Seconds that a thread waits for another during a call. */
let timeoutSeconds: i32 = 120;

export function setTimeoutSeconds(seconds: i32): void {
  timeoutSeconds = seconds;
}

/** Returns once the word differs from `value`; traps at the timeout. */
export function awaitChange(word: usize, value: i32, forever: bool = false): void {
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(word) != value) return;
  let seconds = 0;
  while (atomic.load<i32>(word) == value) {
    // One second at a time, so that the time for which the machine itself was suspended counts as one.
    const result = atomic.wait<i32>(word, value, forever ? -1 : 1_000_000_000);
    if (result == 2 && ++seconds >= timeoutSeconds) unreachable();
  }
}

export function trapIfFailed(): void {
  if (atomic.load<i32>(failedWord())) unreachable();
}
