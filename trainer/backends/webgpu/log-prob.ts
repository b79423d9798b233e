/**
 * The fused head: logits are computed for a slice of the vocabulary at a time, used and overwritten, so that memory does
 * not grow with rows x vocabulary. The backward pass computes them again, except for the rows in the logit cache. Slices
 * and tiles do not depend on the cache, and so neither does any bit of a result.
 */
import { cachedRowLength } from '../backend';
import type { PoolBuffer } from './buffer-pool';
import { logitGradientKernel, logProbChunkKernel } from './kernels/log-prob';
import { chooseMatmul, type Matrix, recordMatmul } from './matmul';
import { type Recorder, whole } from './recorder';
import type { TensorValues } from './tensor-store';

/** Logits outside the cache that exist at one time: 32 MiB of f32. */
const MAX_SLICE_LOGITS = 2 ** 23;

export interface Head {
  readonly hidden: PoolBuffer;
  readonly head: TensorValues;
  readonly targets: PoolBuffer;
  readonly rows: number;
  readonly dim: number;
  readonly vocab: number;
  /** Room for the logits of the first `rows` rows, over the whole vocabulary. */
  readonly cache: { readonly buffer: PoolBuffer; readonly rows: number } | null;
}

/** The slice's logits of rows from..to: row i's begin at element i * stride + column of the buffer. */
interface Logits {
  readonly buffer: PoolBuffer;
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly column: number;
}

/** [first, first + columns) of the vocabulary. */
interface Slice {
  readonly first: number;
  readonly columns: number;
  /** Of the rows whose logits are cached; null: there are none. */
  readonly cached: Logits | null;
  /** Of the other rows; null: there are none. */
  readonly uncached: Logits | null;
}

const matrix = (buffer: PoolBuffer, stride: number, row = 0, half = false): Matrix => ({
  buffer,
  start: row * stride,
  stride,
  half,
});

const inLogits = ({ buffer, from, stride, column }: Logits): Matrix => ({
  buffer,
  start: from * stride + column,
  stride,
});

/** Calls `visit` for every slice of the vocabulary. */
function forEachSlice(recorder: Recorder, { rows, vocab, cache }: Head, visit: (slice: Slice) => void): void {
  if (rows === 0) return;
  // An eighth less than can be bound: pooled buffers may be that much larger than asked for.
  const most = Math.min(MAX_SLICE_LOGITS, Math.floor((recorder.maxBinding * 7) / 32));
  const width = Math.min(cachedRowLength(vocab), Math.max(64, Math.floor(most / rows / 64) * 64));
  const cachedRows = cache && cache.buffer.bytes <= recorder.maxBinding ? cache.rows : 0;
  // A power of two, so that blocks of many lengths share one buffer.
  const scratch =
    cachedRows < rows
      ? recorder.scratch(Math.max(rows * width, Math.min(most, 2 ** Math.ceil(Math.log2(rows * width)))))
      : null;
  for (let first = 0; first < vocab; first += width) {
    visit({
      first,
      columns: Math.min(width, vocab - first),
      cached:
        cachedRows > 0
          ? { buffer: cache!.buffer, from: 0, to: cachedRows, stride: cachedRowLength(vocab), column: first }
          : null,
      uncached: scratch && { buffer: scratch, from: cachedRows, to: rows, stride: width, column: 0 },
    });
  }
  if (scratch) recorder.pool.release(scratch);
}

/**
 * Computes logits with the tile that all rows together would get, and k undivided, so that their bits do not depend on the
 * cache.
 */
function recordLogits(recorder: Recorder, { hidden, head, rows, dim }: Head, slice: Slice, logits: Logits): void {
  const { first, columns } = slice;
  const product = {
    form: 'nt' as const,
    c: inLogits(logits),
    a: matrix(hidden, dim, logits.from),
    b: matrix(head.buffer, dim, first, head.half),
    m: logits.to - logits.from,
    n: columns,
    k: dim,
  };
  recordMatmul(recorder, product, { ...chooseMatmul(recorder, 'nt', rows, columns), splits: 1 });
}

const rowsIn = ({ from, to, stride, column }: Logits) => ({ rows: to - from, row0: from, stride, column });
const groups = (recorder: Recorder, { from, to }: Logits) => Math.min(to - from, recorder.maxWorkgroups);

export function recordLogProb(recorder: Recorder, logProb: PoolBuffer, logSumExp: PoolBuffer, head: Head): void {
  const { rows, vocab, targets } = head;
  const state = recorder.scratch(3 * rows);
  forEachSlice(recorder, head, (slice) => {
    const { first, columns, cached, uncached } = slice;
    const place = { columns, first, isFirst: Number(first === 0), isLast: Number(first + columns === vocab) };
    for (const logits of [cached, uncached]) {
      if (!logits) continue;
      recordLogits(recorder, head, slice, logits);
      recorder.dispatch(
        logProbChunkKernel,
        [logProb, logSumExp, state, logits.buffer, targets].map(whole),
        { ...rowsIn(logits), ...place },
        groups(recorder, logits),
      );
    }
  });
  recorder.pool.release(state);
}

export interface LogProbGradients {
  /** [rows, dim] */
  readonly dHidden: PoolBuffer;
  /** [vocab, dim], added to; null: the head is frozen. */
  readonly dHead: PoolBuffer | null;
  /** [rows] */
  readonly coefficient: PoolBuffer;
  /** [rows], as the forward pass left it. */
  readonly logSumExp: PoolBuffer;
}

export function recordLogProbBackward(
  recorder: Recorder,
  { dHidden, dHead, coefficient, logSumExp }: LogProbGradients,
  head: Head,
): void {
  const { rows, dim } = head;
  forEachSlice(recorder, head, (slice) => {
    const { first, columns, cached, uncached } = slice;
    const perRow = [coefficient, logSumExp, head.targets];
    const gradient = (logits: Logits, source: Logits) => {
      const copies = logits.buffer !== source.buffer;
      recorder.dispatch(
        logitGradientKernel(copies),
        [logits.buffer, ...perRow, ...(copies ? [source.buffer] : [])].map(whole),
        { ...rowsIn(logits), columns, first, keptStride: source.stride },
        groups(recorder, logits),
      );
    };
    if (uncached) {
      recordLogits(recorder, head, slice, uncached);
      gradient(uncached, uncached);
      // The gradients of all rows go into one buffer, so that the sum over rows is a single product.
      if (cached) gradient({ ...uncached, from: cached.from, to: cached.to }, cached);
    } else gradient(cached!, cached!);
    const a = inLogits({ ...(uncached ?? cached!), from: 0 });
    const c = matrix(dHidden, dim);
    recordMatmul(recorder, {
      form: 'nn',
      c,
      a,
      b: matrix(head.head.buffer, dim, first, head.head.half),
      m: rows,
      n: dim,
      k: columns,
      plus: first > 0 ? c : undefined,
    });
    if (!dHead) return;
    const ofHead = matrix(dHead, dim, first);
    recordMatmul(recorder, {
      form: 'tn',
      c: ofHead,
      a,
      b: matrix(head.hidden, dim),
      m: columns,
      n: dim,
      k: rows,
      plus: ofHead,
    });
  });
}
