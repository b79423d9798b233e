/** Runs work in the background and returns the events that it sends as an async stream. */

/** The reader of the stream has left, so the work is cancelled. */
export class ReaderLeftError extends Error {
  override readonly name = 'ReaderLeftError';
}

export interface EventSink<Event> {
  /** Queues an event, without waiting. */
  send(event: Event): void;
  /** Resolves when the reader has processed everything sent so far. Rejects with ReaderLeftError when it has left. */
  drained(): Promise<void>;
}

type Item<Event> =
  | { readonly event: Event }
  | { readonly reached: () => void; readonly abandoned: (error: ReaderLeftError) => void };

/**
 * Yields the events in order, then throws the error of the work, if any. A reader that leaves early cancels the work,
 * and its `return` resolves when the work has ended.
 */
export async function* eventStream<Event>(
  work: (sink: EventSink<Event>) => Promise<void>,
  cancel: () => void,
): AsyncGenerator<Event, void, undefined> {
  const items: Item<Event>[] = [];
  const state: { open: boolean; outcome: { readonly error?: unknown } | null } = { open: true, outcome: null };
  let wake = () => {};
  const put = (item: Item<Event>) => {
    items.push(item);
    wake();
  };
  const sink: EventSink<Event> = {
    send(event) {
      if (state.open) put({ event });
    },
    drained: () =>
      new Promise((reached, abandoned) => {
        if (state.open) put({ reached, abandoned });
        else abandoned(new ReaderLeftError());
      }),
  };
  const working = work(sink)
    .then(
      () => ({}),
      (error: unknown) => ({ error }),
    )
    .then((outcome) => {
      state.outcome = outcome;
      wake();
    });
  try {
    for (;;) {
      const item = items.shift();
      if (item === undefined) {
        if (state.outcome !== null) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if ('event' in item) yield item.event;
      else item.reached();
    }
    if ('error' in state.outcome) throw state.outcome.error;
  } finally {
    state.open = false;
    if (state.outcome === null) {
      cancel();
      for (const item of items) if ('abandoned' in item) item.abandoned(new ReaderLeftError());
      await working;
    }
  }
}
