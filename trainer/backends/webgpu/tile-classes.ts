/** How a product may be computed, and the products between which that may differ. */
import type { MatmulForm } from '../backend';

/** How a product is computed. */
export interface MatmulChoice {
  /** On the GPU's matrix units. */
  readonly units: boolean;
  /** An index of TILES, or of SUBGROUP_TILES. */
  readonly tile: number;
  /** Workgroups among which k is divided. */
  readonly splits: number;
}

/** Results of this form with up to this many elements, and the product that stands for them. */
export interface SizeClass {
  readonly form: MatmulForm;
  readonly upTo: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

const all = Number.POSITIVE_INFINITY;

/** Those of an adapter's narrow matrices, of a layer's square ones, and of its wide ones. */
export const SIZE_CLASSES: readonly SizeClass[] = [
  { form: 'nt', upTo: 2 ** 16, m: 2048, n: 16, k: 576 },
  { form: 'nt', upTo: 2 ** 19, m: 512, n: 576, k: 576 },
  { form: 'nt', upTo: all, m: 2048, n: 1536, k: 576 },
  { form: 'nn', upTo: 2 ** 16, m: 2048, n: 16, k: 576 },
  { form: 'nn', upTo: 2 ** 19, m: 512, n: 576, k: 576 },
  { form: 'nn', upTo: all, m: 2048, n: 576, k: 1536 },
  { form: 'tn', upTo: 2 ** 16, m: 16, n: 576, k: 2048 },
  { form: 'tn', upTo: 2 ** 19, m: 576, n: 576, k: 2048 },
  { form: 'tn', upTo: all, m: 1536, n: 576, k: 2048 },
];

/** The index of a product's class. */
export function sizeClassOf(form: MatmulForm, m: number, n: number): number {
  return SIZE_CLASSES.findIndex((one) => one.form === form && m * n <= one.upTo);
}
