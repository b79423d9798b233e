/** Chooses the tile of a matrix product, divides it into parts that can be bound, and records its dispatches. */
import type { MatmulForm } from '../backend';
import { BackendError } from '../checks';
import type { PoolBuffer } from './buffer-pool';
import type { Kernel } from './kernel';
import {
  DIRECT_TILES,
  type MatmulParams,
  matmulKernel,
  memoryOf,
  SMALLEST_TILE,
  sumSplitsKernel,
  TILES,
  type Tile,
  threadsOf,
} from './kernels/matmul';
import { directMatmulKernel } from './kernels/matmul-direct';
import type { StoreVariant } from './kernels/matmul-store';
import { SUBGROUP_TILES, subgroupMatmulKernel, subgroupMemoryOf } from './kernels/matmul-subgroup';
import { type BoundMatrix, maximaOf } from './matrix-maxima';
import { type Recorder, type View, whole } from './recorder';
import { type MatmulChoice, sizeClassOf } from './tile-classes';
import { windowElements, windowOf } from './windows';

/** A matrix within a buffer: element `start` is its first, rows lie `stride` elements apart. */
export interface Matrix {
  readonly buffer: PoolBuffer;
  readonly start: number;
  readonly stride: number;
  /** f16 values, two in a word. */
  readonly half?: boolean;
}

/** The contract's epilogue; all but `bias` have C's stride and type. */
export interface RecordedEpilogue {
  readonly plus?: Matrix;
  readonly bias?: Matrix;
  readonly gate?: Matrix;
  /** silu(gate) * C goes there. */
  readonly gated?: Matrix;
}

export interface Product extends RecordedEpilogue {
  readonly form: MatmulForm;
  readonly c: Matrix;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Multiplies the product; then there is no epilogue. */
  readonly scale?: number;
}

const elementBytes = ({ half }: Matrix): 2 | 4 => (half ? 2 : 4);

function part(matrix: Matrix, row: number, column: number): Matrix {
  return { ...matrix, start: matrix.start + row * matrix.stride + column };
}

/** Records the product, in parts that can be bound. `choice` overrides the device's. */
export function recordMatmul(recorder: Recorder, product: Product, choice?: MatmulChoice): void {
  const { form, c, a, b, m, n, k, plus, bias, gate, gated, scale } = product;
  if (m === 0 || n === 0) return;
  const rowsOf = (matrix: Matrix | undefined) =>
    !matrix || matrix.buffer.bytes <= recorder.maxBinding
      ? Number.POSITIVE_INFINITY
      : Math.max(1, Math.floor(windowElements(recorder.maxBinding, elementBytes(matrix)) / matrix.stride));
  const mStep = Math.min(m, ...[c, plus, gate, gated].map(rowsOf), form === 'tn' ? m : rowsOf(a));
  const nStep = Math.min(n, form === 'nt' ? rowsOf(b) : n);
  // Parts along k start at multiples of 4, so that vectors can be loaded.
  const kRows = Math.min(form === 'tn' ? rowsOf(a) : k, form === 'nt' ? k : rowsOf(b));
  const kStep = kRows >= k ? Math.max(k, 1) : Math.max(4, kRows - (kRows % 4));
  for (let m0 = 0; m0 < m; m0 += mStep) {
    for (let n0 = 0; n0 < n; n0 += nStep) {
      for (let k0 = 0; k0 < Math.max(k, 1); k0 += kStep) {
        const ofC = (matrix: Matrix | undefined) => matrix && part(matrix, m0, n0);
        const last = k0 + kStep >= k;
        recordPart(
          recorder,
          {
            form,
            c: part(c, m0, n0),
            a: form === 'tn' ? part(a, k0, m0) : part(a, m0, k0),
            b: form === 'nt' ? part(b, n0, k0) : part(b, k0, n0),
            m: Math.min(mStep, m - m0),
            n: Math.min(nStep, n - n0),
            k: Math.min(kStep, k - k0),
            plus: ofC(k0 > 0 ? c : plus),
            bias: last ? bias && part(bias, 0, n0) : undefined,
            gate: last ? ofC(gate) : undefined,
            gated: last ? ofC(gated) : undefined,
            scale,
          },
          choice,
        );
      }
    }
  }
}

function recordPart(recorder: Recorder, product: Product, fixed?: MatmulChoice): void {
  const { form, c, a, b, m, n, k, plus, scale = 1 } = product;
  const bound = bindProduct(recorder, product);
  if (c.half && !bound.vectorC) {
    throw new BackendError(`matmul: rows of ${n} values cannot be written as f16, only fours can`);
  }
  const way = wayOf(recorder, product, bound, fixed ?? chooseMatmul(recorder, form, m, n));
  const { size, splits } = way;
  const store: StoreVariant = {
    vectorC: bound.vectorC,
    halfC: c.half === true,
    plus: bound.plus ? 'other' : plus ? 'own' : 'nothing',
    bias: bound.bias !== undefined,
    swiglu: bound.gated !== undefined,
  };
  const stored = [bound.c, bound.plus, bound.bias, bound.gate, bound.gated].flatMap((one) => (one ? [one.view] : []));
  const params = {
    m,
    n,
    k,
    aStart: bound.a.start,
    aStride: a.stride,
    bStart: bound.b.start,
    bStride: b.stride,
    cStart: bound.c.start,
    cStride: c.stride,
    plusStart: bound.plus?.start ?? 0,
    biasStart: bound.bias?.start ?? 0,
    gateStart: bound.gate?.start ?? 0,
    gatedStart: bound.gated?.start ?? 0,
    scale,
    splits,
  };
  const [x, y] = [Math.ceil(n / size.n), Math.ceil(m / size.m)];
  if (splits === 1) {
    recorder.dispatch(way.kernelOf(store), [...stored, ...way.factors], params, x, y);
    return;
  }
  const partial = recorder.scratch(splits * m * n);
  const partialStore: StoreVariant = {
    vectorC: n % 4 === 0,
    halfC: false,
    plus: 'nothing',
    bias: false,
    swiglu: false,
  };
  const partialParams = { ...params, cStart: 0, cStride: n, scale: 1 };
  recorder.dispatch(way.kernelOf(partialStore), [whole(partial), ...way.factors], partialParams, x, y * splits);
  const groups = Math.min(Math.ceil((m * Math.ceil(n / 4)) / 64), recorder.maxWorkgroups);
  const sumStore = { ...store, vectorC: store.vectorC && n % 4 === 0 };
  recorder.dispatch(sumSplitsKernel(sumStore), [...stored, whole(partial)], params, groups);
  recorder.pool.release(partial);
}

/** A matrix as it is bound, and whether its rows can be accessed four values at a time. */
type Bound = BoundMatrix & { readonly vector: boolean };

interface BoundProduct {
  readonly a: Bound;
  readonly b: Bound;
  readonly c: Bound;
  /** Absent where C itself is added. */
  readonly plus?: Bound;
  readonly bias?: Bound;
  readonly gate?: Bound;
  readonly gated?: Bound;
  readonly vectorC: boolean;
}

function bindProduct(recorder: Recorder, { form, c, a, b, m, n, k, plus, bias, gate, gated }: Product): BoundProduct {
  const bind = (matrix: Matrix, rows: number, columns: number): Bound => {
    const span = (rows - 1) * matrix.stride + columns;
    const { view, start } = windowOf(matrix.buffer, matrix.start, span, recorder.maxBinding, elementBytes(matrix));
    const vector = start % 4 === 0 && matrix.stride % 4 === 0 && columns % 4 === 0;
    return { view, start, stride: matrix.stride, rows, columns, vector };
  };
  const written = {
    c: bind(c, m, n),
    plus: plus && plus.buffer !== c.buffer ? bind(plus, m, n) : undefined,
    bias: bias && bind(bias, 1, n),
    gate: gate && bind(gate, m, n),
    gated: gated && bind(gated, m, n),
  };
  return {
    ...written,
    a: form === 'tn' ? bind(a, k, m) : bind(a, m, k),
    b: form === 'nt' ? bind(b, n, k) : bind(b, k, n),
    vectorC: Object.values(written).every((bound) => !bound || bound.vector),
  };
}

/** The kernels of a choice, as far as these operands allow it. */
interface Way {
  readonly size: { readonly m: number; readonly n: number };
  readonly splits: number;
  /** What the kernel binds behind what it stores. */
  readonly factors: readonly View[];
  kernelOf(store: StoreVariant): Kernel<keyof MatmulParams>;
}

function wayOf(recorder: Recorder, product: Product, { a, b, vectorC }: BoundProduct, choice: MatmulChoice): Way {
  const { form } = product;
  const [halfA, halfB] = [product.a.half === true, product.b.half === true];
  const vectors = a.vector && b.vector && vectorC;
  const operands = { form, vectorA: a.vector, vectorB: b.vector, halfA, halfB };
  if (choice.units && a.vector && b.vector) {
    const size = SUBGROUP_TILES[choice.tile]!;
    const maxima = [...(halfA ? [] : [maximaOf(recorder, a)]), ...(halfB ? [] : [maximaOf(recorder, b)])];
    return {
      size,
      splits: splitsThatFit(recorder, product, size, choice.splits),
      factors: [a.view, b.view, ...maxima],
      kernelOf: (store) => subgroupMatmulKernel({ ...operands, ...store, tile: choice.tile }),
    };
  }
  const direct = !choice.units && TILES[choice.tile]!.k === 0;
  const tile = choice.units || (direct && !vectors) ? SMALLEST_TILE : choice.tile;
  const size = TILES[tile]!;
  return {
    size,
    splits: splitsThatFit(recorder, product, size, choice.splits),
    factors: [a.view, b.view],
    kernelOf: (store) => (size.k === 0 ? directMatmulKernel : matmulKernel)({ ...operands, ...store, tile }),
  };
}

/**
 * Fewer than asked for where k is short, where the sums of all splits cannot be bound, or there would be too many
 * workgroups; one where a tile has no slices.
 */
function splitsThatFit(
  recorder: Recorder,
  { m, n, k }: Product,
  size: { m: number; k: number },
  asked: number,
): number {
  if (size.k === 0) return 1;
  const bound = Math.floor(windowElements(recorder.maxBinding) / (m * n));
  const groups = Math.floor(recorder.maxWorkgroups / Math.ceil(m / size.m));
  return Math.max(1, Math.min(asked, bound, groups, Math.floor(k / (4 * size.k))));
}

const SPLITS = [1, 4, 16];

/** Ways of computing a product for which the device has room, those for large results first. */
export function usableChoices(recorder: Recorder): MatmulChoice[] {
  const { maxComputeInvocationsPerWorkgroup } = recorder.device.limits;
  const choices = TILES.flatMap((tile, i) => {
    const fits = threadsOf(tile) <= maxComputeInvocationsPerWorkgroup && memoryOf(tile) <= recorder.maxWorkgroupMemory;
    return fits ? (tile.k === 0 ? [1] : SPLITS).map((splits) => ({ units: false, tile: i, splits })) : [];
  });
  const onUnits = recorder.matrixUnits
    ? SUBGROUP_TILES.flatMap((_, tile) =>
        subgroupMemoryOf(tile) <= recorder.maxWorkgroupMemory
          ? SPLITS.map((splits) => ({ units: true, tile, splits }))
          : [],
      )
    : [];
  const all = [...choices, ...onUnits];
  return all.length > 0 ? all : [{ units: false, tile: DIRECT_TILES.low, splits: 1 }];
}

/**
 * The choice that was measured to be fastest for results of this form and size. Without a measurement: on an emulated GPU
 * a direct tile, since barriers are slow there (which one was measured on SwiftShader); on a real GPU the largest tile
 * that still gives enough workgroups.
 */
export function chooseMatmul(recorder: Recorder, form: MatmulForm, m: number, n: number): MatmulChoice {
  const { measuredChoices } = recorder;
  if (measuredChoices) return measuredChoices[sizeClassOf(form, m, n)]!;
  if (recorder.software) {
    const tile = form === 'tn' ? DIRECT_TILES.tall : m < 64 ? DIRECT_TILES.low : DIRECT_TILES.square;
    return { units: false, tile, splits: 1 };
  }
  const usable = usableChoices(recorder).filter(
    ({ units, tile, splits }) => !units && TILES[tile]!.k > 0 && splits === 1,
  );
  const enough = (tile: Tile) => Math.ceil(m / tile.m) * Math.ceil(n / tile.n) >= 128;
  return (
    usable.find(({ tile }) => enough(TILES[tile]!)) ??
    usable.at(-1) ?? { units: false, tile: DIRECT_TILES.low, splits: 1 }
  );
}
