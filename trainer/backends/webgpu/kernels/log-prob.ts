/**
 * Softmax over a vocabulary that is processed in chunks. Rows begin at `row0`; the chunk's `columns` logits of row i
 * begin at i * stride + column.
 */
import { type Kernel, kernelFamily, read, write } from '../kernel';
import { rowLoop } from './rows';

const THREADS = 128;

/**
 * Merges one chunk into each row's running maximum, sum and target logit (`state`, three values per row), and writes
 * the results after the last chunk. One workgroup per row.
 */
export const logProbChunkKernel: Kernel<
  'rows' | 'row0' | 'columns' | 'stride' | 'column' | 'first' | 'isFirst' | 'isLast'
> = {
  name: 'logProbChunk',
  bindings: [write('logProb'), write('logSumExp'), write('state'), read('logits'), read('targets', 'i32')],
  params: {
    rows: 'u32',
    row0: 'u32',
    columns: 'u32',
    stride: 'u32',
    column: 'u32',
    first: 'u32',
    isFirst: 'u32',
    isLast: 'u32',
  },
  sums: THREADS,
  code: `
var<workgroup> tops: array<f32, ${THREADS}>;
${rowLoop(
  `    let i = params.row0 + row;
    let base = i * params.stride + params.column;
    var top = -3.4e38;
    for (var j = thread; j < params.columns; j += ${THREADS}u) { top = max(top, logits[base + j]); }
    tops[thread] = top;
    workgroupBarrier();
    for (var width = ${THREADS / 2}u; width > 0u; width /= 2u) {
      if (thread < width) { tops[thread] = max(tops[thread], tops[thread + width]); }
      workgroupBarrier();
    }
    top = tops[0];
    var sum = 0.0;
    for (var j = thread; j < params.columns; j += ${THREADS}u) { sum += exp(logits[base + j] - top); }
    sum = sumOverThreads(thread, sum);
    if (thread == 0u) {
      var best = top;
      var total = sum;
      var target_logit = 0.0;
      if (params.isFirst == 0u) {
        best = max(state[3u * i], top);
        total = state[3u * i + 1u] * exp(state[3u * i] - best) + sum * exp(top - best);
        target_logit = state[3u * i + 2u];
      }
      let column = u32(targets[i]) - params.first;
      if (column < params.columns) { target_logit = logits[base + column]; }
      state[3u * i] = best;
      state[3u * i + 1u] = total;
      state[3u * i + 2u] = target_logit;
      if (params.isLast == 1u) {
        logSumExp[i] = best + log(total);
        // Subtract first: both are large where logits are large, and close to each other where precision matters.
        logProb[i] = (target_logit - best) - log(total);
      }
    }`,
  THREADS,
)}`,
};

/** logits -> coefficient * (1[target] - softmax), in place, or from a separate buffer of cached logits. */
export const logitGradientKernel: (
  fromKept: boolean,
) => Kernel<'rows' | 'row0' | 'columns' | 'stride' | 'column' | 'first' | 'keptStride'> = kernelFamily((fromKept) => ({
  name: fromKept ? 'logitGradient from kept' : 'logitGradient',
  bindings: [
    write('logits'),
    read('coefficient'),
    read('logSumExp'),
    read('targets', 'i32'),
    ...(fromKept ? [read('kept')] : []),
  ],
  params: {
    rows: 'u32',
    row0: 'u32',
    columns: 'u32',
    stride: 'u32',
    column: 'u32',
    first: 'u32',
    keptStride: 'u32',
  },
  code: rowLoop(
    `    let i = params.row0 + row;
    let base = i * params.stride + params.column;
    let scale = coefficient[i];
    let lse = logSumExp[i];
    let target_column = u32(targets[i]) - params.first;
    for (var j = thread; j < params.columns; j += ${THREADS}u) {
      let logit = ${fromKept ? 'kept[i * params.keptStride + params.first + j]' : 'logits[base + j]'};
      logits[base + j] = scale * (select(0.0, 1.0, j == target_column) - exp(logit - lse));
    }`,
    THREADS,
  ),
}));
