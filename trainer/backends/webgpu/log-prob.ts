/**
 * The fused head: logits are made for a slice of the vocabulary at a time, used and forgotten, so that memory does not
 * grow with rows x vocabulary. The backward pass makes them again.
 */
import type { PoolBuffer } from './buffer-pool';
import { logitGradientKernel, logProbChunkKernel } from './kernels/log-prob';
import { type Matrix, recordMatmul } from './matmul';
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
}

const matrix = (buffer: PoolBuffer, stride: number, row = 0, half = false): Matrix => ({
  buffer,
  start: row * stride,
  stride,
  half,
});

/** Calls `visit` for every slice of the vocabulary with its logits. They are of all rows, `stride` apart. */
function forEachSlice(
  recorder: Recorder,
  { hidden, head, rows, dim, vocab }: Head,
  visit: (logits: PoolBuffer, first: number, columns: number, stride: number) => void,
): void {
  // An eighth less than can be bound: pooled buffers may be that much larger than asked for.
  const most = Math.min(LOGITS, Math.floor((recorder.maxBinding * 7) / 32));
  const slice = Math.min(Math.ceil(vocab / 4) * 4, Math.max(64, Math.floor(most / rows / 64) * 64));
  // A power of two, so that blocks of many lengths share one buffer.
  const logits = recorder.scratch(Math.max(rows * slice, Math.min(most, 2 ** Math.ceil(Math.log2(rows * slice)))));
  for (let first = 0; first < vocab; first += slice) {
    const columns = Math.min(slice, vocab - first);
    recordMatmul(recorder, {
      form: 'nt',
      c: matrix(logits, slice),
      a: matrix(hidden, dim),
      b: matrix(head.buffer, dim, first, head.half),
      m: rows,
      n: columns,
      k: dim,
    });
    visit(logits, first, columns, slice);
  }
  recorder.pool.release(logits);
}

export function recordLogProb(recorder: Recorder, logProb: PoolBuffer, logSumExp: PoolBuffer, head: Head): void {
  const { rows, vocab } = head;
  const state = recorder.scratch(3 * rows);
  forEachSlice(recorder, head, (logits, first, columns, stride) => {
    recorder.dispatch(
      logProbChunkKernel,
      [logProb, logSumExp, state, logits, head.targets].map(whole),
      { rows, columns, stride, first, isFirst: Number(first === 0), isLast: Number(first + columns === vocab) },
      Math.min(rows, recorder.maxWorkgroups),
    );
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
  forEachSlice(recorder, head, (logits, first, columns, stride) => {
    recorder.dispatch(
      logitGradientKernel,
      [logits, coefficient, logSumExp, head.targets].map(whole),
      { rows, columns, stride, first },
      Math.min(rows, recorder.maxWorkgroups),
    );
    const c = matrix(dHidden, dim);
    recordMatmul(recorder, {
      form: 'nn',
      c,
      a: matrix(logits, stride),
      b: matrix(head.head.buffer, dim, first, head.head.half),
      m: rows,
      n: dim,
      k: columns,
      plus: first > 0 ? c : undefined,
    });
    if (!dHead) return;
    const gradient = matrix(dHead, dim, first);
    recordMatmul(recorder, {
      form: 'tn',
      c: gradient,
      a: matrix(logits, stride),
      b: matrix(head.hidden, dim),
      m: columns,
      n: dim,
      k: rows,
      plus: gradient,
    });
  });
}
