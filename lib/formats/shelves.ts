/** Things that are put down in order and taken up again later: in memory, or (lib/containers/disk-shelves.ts) on a disk. */
export interface Shelf<T> {
  put(item: T): void;
  /** Everything that was put down, once: then the shelf is empty. */
  all(): AsyncIterable<T>;
}

export interface Shelves {
  /** Among how many shelves things are to be spread, so that what is on one fits in memory. */
  readonly count: number;
  shelf<T>(): Shelf<T>;
}

export const shelvesInMemory: Shelves = {
  count: 1,
  shelf<T>() {
    let items: T[] = [];
    return {
      put: (item: T) => void items.push(item),
      async *all() {
        const all = items;
        items = [];
        yield* all;
      },
    };
  },
};
