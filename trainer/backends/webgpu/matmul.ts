/** Chooses the tile of a matrix product, divides it into parts that can be bound, and records its dispatches. */
import type { MatmulForm } from '../backend';
import { BackendError } from '../checks';
import type { PoolBuffer } from './buffer-pool';
import {
  DIRECT_TILES,
  type MatmulVariant,
  matmulKernel,
  memoryOf,
  SMALLEST_TILE,
  TILES,
  type Tile,
  threadsOf,
} from './kernels/matmul';
import { directMatmulKernel } from './kernels/matmul-direct';
import type { Recorder } from './recorder';
import { SIZE_CLASSES } from './tile-classes';
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
}

const elementBytes = ({ half }: Matrix): 2 | 4 => (half ? 2 : 4);

function part(matrix: Matrix, row: number, column: number): Matrix {
  return { ...matrix, start: matrix.start + row * matrix.stride + column };
}

/** Records the product, in parts that can be bound. `tile` overrides the choice. */
export function recordMatmul(recorder: Recorder, product: Product, tile?: number): void {
  const { form, c, a, b, m, n, k, plus, bias, gate, gated } = product;
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
          },
          tile,
        );
      }
    }
  }
}

function recordPart(recorder: Recorder, product: Product, fixedTile?: number): void {
  const { form, c, a, b, m, n, k, plus, bias, gate, gated } = product;
  const bind = (matrix: Matrix, rows: number, columns: number) => {
    const span = (rows - 1) * matrix.stride + columns;
    const { view, start } = windowOf(matrix.buffer, matrix.start, span, recorder.maxBinding, elementBytes(matrix));
    const vector = start % 4 === 0 && matrix.stride % 4 === 0 && columns % 4 === 0;
    return { view, start, vector };
  };
  const boundA = form === 'tn' ? bind(a, k, m) : bind(a, m, k);
  const boundB = form === 'nt' ? bind(b, n, k) : bind(b, k, n);
  const boundC = bind(c, m, n);
  const own = plus?.buffer === c.buffer;
  const boundPlus = plus && !own ? bind(plus, m, n) : undefined;
  const boundBias = bias && bind(bias, 1, n);
  const boundGate = gate && bind(gate, m, n);
  const boundGated = gated && bind(gated, m, n);
  const vectorC = [boundC, boundPlus, boundBias, boundGate, boundGated].every((bound) => !bound || bound.vector);
  const halfC = c.half === true;
  if (halfC && !vectorC) throw new BackendError(`matmul: rows of ${n} values cannot be written as f16, only fours can`);
  const vectors = boundA.vector && boundB.vector && vectorC;
  const chosen = fixedTile ?? chooseTile(recorder, form, m, n);
  const tile = TILES[chosen]!.k === 0 && !vectors ? SMALLEST_TILE : chosen;
  const variant: MatmulVariant = {
    form,
    tile,
    vectorA: boundA.vector,
    vectorB: boundB.vector,
    halfA: a.half === true,
    halfB: b.half === true,
    vectorC,
    halfC,
    plus: boundPlus ? 'other' : own ? 'own' : 'nothing',
    bias: boundBias !== undefined,
    swiglu: boundGated !== undefined,
  };
  const bound = [boundC, boundPlus, boundBias, boundGate, boundGated, boundA, boundB];
  recorder.dispatch(
    TILES[tile]!.k === 0 ? directMatmulKernel(variant) : matmulKernel(variant),
    bound.flatMap((one) => (one ? [one.view] : [])),
    {
      m,
      n,
      k,
      aStart: boundA.start,
      aStride: a.stride,
      bStart: boundB.start,
      bStride: b.stride,
      cStart: boundC.start,
      cStride: c.stride,
      plusStart: boundPlus?.start ?? 0,
      biasStart: boundBias?.start ?? 0,
      gateStart: boundGate?.start ?? 0,
      gatedStart: boundGated?.start ?? 0,
    },
    Math.ceil(n / TILES[tile]!.n),
    Math.ceil(m / TILES[tile]!.m),
  );
}

/** Indices of the tiles that the device has room for. */
export function usableTiles(recorder: Recorder): number[] {
  const { maxComputeInvocationsPerWorkgroup } = recorder.device.limits;
  const fits = TILES.flatMap((tile, i) =>
    threadsOf(tile) <= maxComputeInvocationsPerWorkgroup && memoryOf(tile) <= recorder.maxWorkgroupMemory ? [i] : [],
  );
  return fits.length > 0 ? fits : [DIRECT_TILES.low];
}

/**
 * The tile that was measured to be fastest for results of this size. Without a measurement: on an emulated GPU a direct
 * tile, since barriers are slow there (which one was measured on SwiftShader); on a real GPU the largest tile that
 * still gives enough workgroups.
 */
export function chooseTile(recorder: Recorder, form: MatmulForm, m: number, n: number): number {
  const { measuredTiles } = recorder;
  if (measuredTiles) return measuredTiles[SIZE_CLASSES.findIndex(({ upTo }) => m * n <= upTo)]!;
  if (recorder.software) {
    if (form === 'tn') return DIRECT_TILES.tall;
    return m < 64 ? DIRECT_TILES.low : DIRECT_TILES.square;
  }
  const usable = usableTiles(recorder).filter((i) => TILES[i]!.k > 0);
  const enough = (tile: Tile) => Math.ceil(m / tile.m) * Math.ceil(n / tile.n) >= 128;
  return usable.find((i) => enough(TILES[i]!)) ?? usable.at(-1) ?? DIRECT_TILES.low;
}
