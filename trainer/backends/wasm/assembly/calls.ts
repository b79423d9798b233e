/**
 * How a call reaches the threads; exported by the builds with threads only. The caller is thread 0: it writes the
 * arguments, calls begin(), the kernel, and awaitWorkers(). Every other thread repeats awaitCall(), the kernel,
 * finish(). A thread that fails calls claimFailure(), writes its message at messageStart() and calls publishFailure():
 * from then on no thread waits for another.
 */
import {
  awaitChange, begunWord, busyWord, claimedWord, failedWord, finishedWord, itemWord, kernelWord, phaseWord, trapIfFailed,
} from './shared-words';
import { threads } from './threads';

export { argumentsStart, messageStart, setTimeoutSeconds } from './shared-words';
export { setThread } from './threads';

/** Number of calls that this thread has begun. */
let calls: i32 = 0;

/** `kernel`: any number that the workers understand. They do not call finish() where it tells them to end. */
export function begin(kernel: i32): void {
  calls++;
  atomic.store<i32>(itemWord(), 0);
  atomic.store<i32>(busyWord(), <i32>threads() - 1);
  atomic.store<i32>(kernelWord(), kernel);
  atomic.store<i32>(begunWord(), calls);
  atomic.notify(begunWord(), -1);
}

export function awaitWorkers(): void {
  awaitChange(finishedWord(), calls - 1);
  trapIfFailed();
}

/** Waits for the next call and returns its kernel. */
export function awaitCall(): i32 {
  awaitChange(begunWord(), calls, true);
  calls++;
  return atomic.load<i32>(kernelWord());
}

export function finish(): void {
  if (atomic.sub<i32>(busyWord(), 1) > 1) return;
  atomic.store<i32>(finishedWord(), calls);
  atomic.notify(finishedWord(), -1);
}

/** True for the first thread that fails, and for no other. */
export function claimFailure(): bool {
  return atomic.cmpxchg<i32>(claimedWord(), 0, 1) == 0;
}

export function publishFailure(): void {
  atomic.store<i32>(failedWord(), 1);
  // The words that others wait for change as well, so that a wait which is just beginning ends at once.
  atomic.add<i32>(phaseWord(), 1);
  atomic.notify(phaseWord(), -1);
  atomic.add<i32>(finishedWord(), 1);
  atomic.notify(finishedWord(), -1);
  atomic.notify(failedWord(), -1);
}

/** Returns once the first thread that failed has published its message. */
export function awaitFailure(): void {
  awaitChange(failedWord(), 0);
}
