/**
 * The largest values of f32 operands, by which products on matrix units scale them. Weights and activations are operands of
 * several products, so maxima are kept until something writes to the buffer.
 */
import { type PoolBuffer, partOf } from './buffer-pool';
import { MAXIMA, maximaKernel } from './kernels/matmul-subgroup';
import { type Recorder, type View, whole } from './recorder';

/** A matrix as a kernel binds it; start and stride in elements, all multiples of 4. */
export interface BoundMatrix {
  readonly view: View;
  readonly start: number;
  readonly stride: number;
  readonly rows: number;
  readonly columns: number;
}

const SLOTS = 4096;
const SLOT_BYTES = 4 * MAXIMA;

interface Kept {
  readonly slots: PoolBuffer;
  readonly byMatrix: Map<string, { readonly version: number; readonly slot: View }>;
}

const keptBy = new WeakMap<Recorder, Kept>();

/** Where the matrix's maxima are, computed where they are not known. */
export function maximaOf(recorder: Recorder, { view, start, stride, rows, columns }: BoundMatrix): View {
  let kept = keptBy.get(recorder);
  if (!kept) {
    kept = { slots: recorder.pool.acquire(SLOTS * SLOT_BYTES).buffer, byMatrix: new Map() };
    keptBy.set(recorder, kept);
  }
  const { buffer, offset } = view;
  const key = [buffer.id, buffer.start + offset, start, stride, rows, columns].join();
  const known = kept.byMatrix.get(key);
  if (known?.version === buffer.version) return known.slot;
  if (!known && kept.byMatrix.size === SLOTS) kept.byMatrix.clear();
  const slot = known?.slot ?? whole(partOf(kept.slots, kept.byMatrix.size * SLOT_BYTES, SLOT_BYTES));
  recorder.dispatch(maximaKernel, [slot, view], { rows, columns, stride, start }, MAXIMA);
  // What is only compiled ahead has computed nothing.
  kept.byMatrix.set(key, { version: recorder.isCompiling ? -1 : buffer.version, slot });
  return slot;
}
