/**
 * The fused head: logits are made for a slice of the vocabulary at a time, used and forgotten, so that memory does not
 * grow with rows x vocabulary. The backward pass makes them again, but for those of the rows that `kept` holds. Slices
 * and tiles are the same whatever is kept, and so is every bit.
 */
import { keptRowLength } from '../backend';
import type { PoolBuffer } from './buffer-pool';
import { logitGradientKernel, logProbChunkKernel } from './kernels/log-prob';
import { chooseTile, type Matrix, recordMatmul } from './matmul';
import { type Recorder, whole } from './recorder';
import type { Values } from './tensor-store';

/** Logits held at once: 32 MiB. */
const LOGITS = 2 ** 23;

export interface Head {
  readonly hidden: PoolBuffer;
  readonly head: Values;
  readonly targets: PoolBuffer;
  readonly rows: number;
  readonly dim: number;
  readonly vocab: number;
  /** Logits of the first `rows` rows, over the whole vocabulary. */
  readonly kept: { readonly buffer: PoolBuffer; readonly rows: number } | null;
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
  /** Of the rows whose logits are kept, and of the others; null: there are none. */
  readonly kept: Logits | null;
  readonly passing: Logits | null;
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
function forEachSlice(recorder: Recorder, { rows, vocab, kept }: Head, visit: (slice: Slice) => void): void {
  if (rows === 0) return;
  // An eighth less than can be bound: pooled buffers may be that much larger than asked for.
  const most = Math.min(LOGITS, Math.floor((recorder.maxBinding * 7) / 32));
  const width = Math.min(keptRowLength(vocab), Math.max(64, Math.floor(most / rows / 64) * 64));
  const own = kept && kept.buffer.bytes <= recorder.maxBinding ? kept.rows : 0;
  // A power of two, so that blocks of many lengths share one buffer.
  const passing =
    own < rows
      ? recorder.scratch(Math.max(rows * width, Math.min(most, 2 ** Math.ceil(Math.log2(rows * width)))))
      : null;
  for (let first = 0; first < vocab; first += width) {
    visit({
      first,
      columns: Math.min(width, vocab - first),
      kept: own > 0 ? { buffer: kept!.buffer, from: 0, to: own, stride: keptRowLength(vocab), column: first } : null,
      passing: passing && { buffer: passing, from: own, to: rows, stride: width, column: 0 },
    });
  }
  if (passing) recorder.pool.release(passing);
}

/** Makes logits by the tile that all rows together would take. */
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
  recordMatmul(recorder, product, chooseTile(recorder, 'nt', rows, columns));
}

const rowsIn = ({ from, to, stride, column }: Logits) => ({ rows: to - from, row0: from, stride, column });
const groups = (recorder: Recorder, { from, to }: Logits) => Math.min(to - from, recorder.maxWorkgroups);

export function recordLogProb(recorder: Recorder, logProb: PoolBuffer, logSumExp: PoolBuffer, head: Head): void {
  const { rows, vocab, targets } = head;
  const state = recorder.scratch(3 * rows);
  forEachSlice(recorder, head, (slice) => {
    const { first, columns, kept, passing } = slice;
    const place = { columns, first, isFirst: Number(first === 0), isLast: Number(first + columns === vocab) };
    for (const logits of [kept, passing]) {
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

export function recordLogProbBackward(
  recorder: Recorder,
  dHidden: PoolBuffer,
  dHead: PoolBuffer | null,
  coefficient: PoolBuffer,
  logSumExp: PoolBuffer,
  head: Head,
): void {
  const { rows, dim } = head;
  forEachSlice(recorder, head, (slice) => {
    const { first, columns, kept, passing } = slice;
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
    if (passing) {
      recordLogits(recorder, head, slice, passing);
      gradient(passing, passing);
      // All rows in one buffer, since sums over rows are one product.
      if (kept) gradient({ ...passing, from: kept.from, to: kept.to }, kept);
    } else gradient(kept!, kept!);
    const a = inLogits({ ...(passing ?? kept!), from: 0 });
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
