/** Sizes of products between which the choice of a tile may differ. */

/** Results of up to this many elements, and the product that stands for them. */
export interface SizeClass {
  readonly upTo: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export const SIZE_CLASSES: readonly SizeClass[] = [
  { upTo: 2 ** 17, m: 128, n: 576, k: 576 },
  { upTo: 2 ** 19, m: 512, n: 576, k: 576 },
  { upTo: Number.POSITIVE_INFINITY, m: 1024, n: 1536, k: 576 },
];
