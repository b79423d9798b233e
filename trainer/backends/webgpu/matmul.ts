/** Chooses tiles and parts for a matrix product and records its dispatches. */
import type { MatmulForm } from '../backend';
import type { PoolBuffer } from './buffer-pool';
import { DIRECT_TILES, matmulKernel, memoryOf, SMALLEST_TILE, TILES, type Tile, threadsOf } from './kernels/matmul';
import { directMatmulKernel } from './kernels/matmul-direct';
import type { Recorder } from './recorder';
import { SIZE_CLASSES } from './tile-classes';
import { windowElements, windowOf } from './windows';

/** A matrix within a buffer: element `start` is its first, rows lie `stride` elements apart. */
export interface Matrix {
  readonly buffer: PoolBuffer;
  readonly start: number;
  readonly stride: number;
  /** f16 values, two in a word; only b, and not of 'tn'. */
  readonly half?: boolean;
}

export interface Product {
  readonly form: MatmulForm;
  readonly c: Matrix;
  readonly a: Matrix;
  readonly b: Matrix;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly accumulate: boolean;
}

const elementBytes = ({ half }: Matrix): 2 | 4 => (half ? 2 : 4);

function part(matrix: Matrix, row: number, column: number): Matrix {
  return { ...matrix, start: matrix.start + row * matrix.stride + column };
}

/** k of 0 is the caller's affair: then nothing is written. `tile` overrides the choice. */
export function recordMatmul(recorder: Recorder, product: Product, tile?: number): void {
  const { form, c, a, b, m, n, k } = product;
  if (m === 0 || n === 0 || k === 0) return;
  const rowsOf = (matrix: Matrix) =>
    matrix.buffer.bytes <= recorder.maxBinding
      ? Number.POSITIVE_INFINITY
      : Math.max(1, Math.floor(windowElements(recorder.maxBinding, elementBytes(matrix)) / matrix.stride));
  const mStep = Math.min(m, rowsOf(c), form === 'tn' ? m : rowsOf(a));
  const nStep = Math.min(n, form === 'nt' ? rowsOf(b) : n);
  // Steps in k start where vectors can still be loaded.
  const kRows = Math.min(form === 'tn' ? rowsOf(a) : k, form === 'nt' ? k : rowsOf(b));
  const kStep = kRows >= k ? k : Math.max(4, kRows - (kRows % 4));
  for (let m0 = 0; m0 < m; m0 += mStep) {
    for (let n0 = 0; n0 < n; n0 += nStep) {
      for (let k0 = 0; k0 < k; k0 += kStep) {
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
            accumulate: product.accumulate || k0 > 0,
          },
          tile,
        );
      }
    }
  }
}

function recordPart(recorder: Recorder, { form, c, a, b, m, n, k, accumulate }: Product, fixedTile?: number): void {
  const bind = (matrix: Matrix, rows: number, columns: number) => {
    const span = (rows - 1) * matrix.stride + columns;
    const { view, start } = windowOf(matrix.buffer, matrix.start, span, recorder.maxBinding, elementBytes(matrix));
    const vector = start % 4 === 0 && matrix.stride % 4 === 0 && columns % 4 === 0;
    return { view, start, vector };
  };
  const boundA = form === 'tn' ? bind(a, k, m) : bind(a, m, k);
  const boundB = form === 'nt' ? bind(b, n, k) : bind(b, k, n);
  const boundC = bind(c, m, n);
  const half = b.half === true;
  const vectors = boundA.vector && boundB.vector && boundC.vector;
  const chosen = fixedTile ?? chooseTile(recorder, form, m, n);
  const tile = TILES[chosen]!.k === 0 && !vectors ? SMALLEST_TILE : chosen;
  const kernel =
    TILES[tile]!.k === 0
      ? directMatmulKernel(form, tile, half, accumulate)
      : matmulKernel(form, tile, boundA.vector, boundB.vector, boundC.vector, half, accumulate);
  recorder.dispatch(
    kernel,
    [boundC.view, boundA.view, boundB.view],
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
 * The tile measured for results of this size. Unmeasured: on a CPU a direct one, for barriers are dear there (which of
 * them was measured on SwiftShader); on a GPU the largest that still makes enough workgroups.
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
