/**
 * Sends the reports of a training run in this tab to the server: strictly in order, one request at a time, without
 * loss.
 *
 * A request that may succeed later (components/ui/retry-policy.ts says which) is tried again with growing pauses for as
 * long as the tab lives; a refusal stops the queue, since what follows builds on it. Repeating is harmless because the
 * server upserts by step, by (prompt, response, stage) and by file name.
 */

import { retryDelayMs } from '@/components/ui/retry-policy';

export interface ReportQueueOptions<Item> {
  /** Rejects when the item did not arrive. */
  readonly send: (item: Item) => Promise<void>;
  /** Merges two neighbouring items into one request, or returns null. It is never called on the item being sent. */
  readonly merge?: (earlier: Item, later: Item) => Item | null;
  /**
   * True if `later` makes it pointless to send the pending `earlier`, wherever it is in the queue (an older
   * checkpoint).
   */
  readonly replaces?: (earlier: Item, later: Item) => boolean;
  /** True if sending the same item again can never succeed. */
  readonly isRefusal: (error: unknown) => boolean;
  readonly onState?: (state: ReportQueueState) => void;
  /** Waits; a test passes its own clock. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export interface ReportQueueState {
  /** Items not yet acknowledged, including the one being sent. */
  readonly waiting: number;
  /** Failed attempts of the current item; 0 if none failed. */
  readonly failures: number;
  readonly lastError: unknown;
  /** 'refused' is final. */
  readonly status: 'idle' | 'sending' | 'retrying' | 'refused';
}

export class ReportQueue<Item> {
  readonly #options: ReportQueueOptions<Item>;
  readonly #items: Item[] = [];
  #running: Promise<void> | null = null;
  #failures = 0;
  #refusal: { readonly error: unknown } | null = null;
  #lastError: unknown = null;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(options: ReportQueueOptions<Item>) {
    this.#options = options;
  }

  get state(): ReportQueueState {
    const status =
      this.#refusal !== null ? 'refused' : this.#failures > 0 ? 'retrying' : this.#running ? 'sending' : 'idle';
    return { waiting: this.#items.length, failures: this.#failures, lastError: this.#lastError, status };
  }

  /** Appends an item, which is sent after all before it. Ignored after a refusal or `close`. */
  push(item: Item): void {
    if (this.#refusal !== null || this.#closed) return;
    const { replaces } = this.#options;
    // The first item may be in flight: only later ones may still change.
    for (let i = this.#items.length - 1; replaces && i >= (this.#running === null ? 0 : 1); i--) {
      if (replaces(this.#items[i]!, item)) this.#items.splice(i, 1);
    }
    const last = this.#items.at(-1);
    const mayMerge = last !== undefined && (this.#items.length > 1 || this.#running === null);
    const merged = mayMerge ? (this.#options.merge?.(last, item) ?? null) : null;
    if (merged === null) this.#items.push(item);
    else this.#items[this.#items.length - 1] = merged;
    this.#running ??= this.#run();
    this.#changed();
  }

  /** Resolves when the queue is empty, including items pushed meanwhile; rejects with the refusal. */
  async drain(): Promise<void> {
    while (this.#running !== null) await this.#running;
    if (this.#refusal !== null) throw this.#refusal.error;
  }

  /** Tries again now instead of at the end of the pause (the network is back, the person signed in again). */
  retryNow(): void {
    this.#wake?.();
  }

  /** Discards the pending items. */
  close(): void {
    this.#closed = true;
    this.#items.length = 0;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    // Let the caller finish its own turn first, so that items pushed together can merge.
    await Promise.resolve();
    while (this.#items.length > 0 && this.#refusal === null) {
      const item = this.#items[0]!;
      try {
        await this.#options.send(item);
        this.#items.shift();
        this.#failures = 0;
        this.#lastError = null;
      } catch (error) {
        if (this.#closed) break;
        this.#lastError = error;
        if (this.#options.isRefusal(error)) {
          this.#refusal = { error };
          break;
        }
        this.#failures++;
        this.#changed();
        await this.#pause(retryDelayMs(this.#failures));
      }
      this.#changed();
    }
    this.#running = null;
    this.#changed();
  }

  async #pause(milliseconds: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    await Promise.race([this.#options.pause?.(milliseconds) ?? sleep(milliseconds), woken]);
    this.#wake = null;
  }

  #changed(): void {
    this.#options.onState?.(this.state);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
