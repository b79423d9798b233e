/**
 * How threads share a kernel's work. All of them call the same export with the same arguments, each in an instance of
 * its own over one memory; inside, every thread does the parts that fall to it and meets the others at barriers.
 * Parts are cut so that no element's arithmetic depends on where the cuts are: any number of threads gives equal bits.
 * A build without the threads feature, and a call after setThread(0, 1), works alone. See calls.ts for the calling.
 */
import { arrivedWord, awaitChange, itemWord, phaseWord, trapIfFailed } from './shared-words';

let ownThread: usize = 0;
let allThreads: usize = 1;
let ownItem: usize = 0;

/** This instance works as `thread` of `threads` (at most 32: see `cut`) from the next call on. */
export function setThread(thread: usize, threads: usize): void {
  ownThread = thread;
  allThreads = threads;
}

// @ts-expect-error: decorator
@inline export function thread(): usize { return ASC_FEATURE_THREADS ? ownThread : 0; }
// @ts-expect-error: decorator
@inline export function threads(): usize { return ASC_FEATURE_THREADS ? allThreads : 1; }

/** Where part `part` of `parts` of 0..total begins, a multiple of `unit`. */
export function cut(total: usize, unit: usize, part: usize, parts: usize): usize {
  return min(total, (total + unit - 1) / unit * part / parts * unit);
}

/** Begin and end of this thread's part of 0..total, for work that is even: cut at multiples of `unit`. */
// @ts-expect-error: decorator
@inline export function partStart(total: usize, unit: usize): usize {
  return threads() == 1 ? 0 : cut(total, unit, thread(), threads());
}
// @ts-expect-error: decorator
@inline export function partEnd(total: usize, unit: usize): usize {
  return threads() == 1 ? total : cut(total, unit, thread() + 1, threads());
}

/** Number of an item that no thread has taken in this call, from 0 up: for work that is uneven. */
export function nextItem(): usize {
  return threads() == 1 ? ownItem++ : <usize>atomic.add<i32>(itemWord(), 1);
}

/** The first nextItem() of a call. */
export function firstItem(): usize {
  ownItem = 0;
  return nextItem();
}

/** Returns once every thread has come here in this call; traps when one has failed. */
export function barrier(): void {
  if (threads() == 1) return;
  const phase = atomic.load<i32>(phaseWord());
  if (<usize>atomic.add<i32>(arrivedWord(), 1) + 1 == threads()) {
    atomic.store<i32>(arrivedWord(), 0);
    atomic.add<i32>(phaseWord(), 1);
    atomic.notify(phaseWord(), -1);
  } else awaitChange(phaseWord(), phase);
  trapIfFailed();
}
