/** How much a kernel has to do, told from its arguments: about its time in f32 multiply-adds of a matmul. */
import type { Kernels } from './load-kernels';

type Work = { readonly [K in keyof Kernels]: (...args: Parameters<Kernels[K]>) => number };

/** `memory`: where attention finds its segments. */
export const kernelWork = (memory: WebAssembly.Memory): Work => ({
  matmul: (_form, _c, _a, _b, m, n, k) => m * n * k,
  add: (_to, _from, length) => 4 * length,
  scale: (_x, _factor, length) => 4 * length,
  dropout: (_out, _x, length) => 16 * length,
  addBias: (_out, _bias, rows, dim) => 4 * rows * dim,
  addBiasBackward: (_dBias, _dOut, rows, dim) => 4 * rows * dim,
  gatherRows: (_out, _table, _indices, rows, dim) => 4 * rows * dim,
  scatterAddRows: (_dTable, _dOut, _indices, rows, dim) => 4 * rows * dim,
  rmsNorm: (_out, _inverseRms, _x, _weight, rows, dim) => 8 * rows * dim,
  rmsNormBackward: (_dX, _dWeight, _dOut, _x, _weight, _inverseRms, rows, dim) => 16 * rows * dim,
  rope: (_x, _positions, _cosine, _sine, rows, heads, headDim) => 8 * rows * heads * headDim,
  swiglu: (_out, _gate, _up, length) => 32 * length,
  swigluBackward: (_dGate, _dUp, _dOut, _gate, _up, length) => 48 * length,
  sumSquares: (_x, length) => 4 * length,
  adamW: (_parameter, _gradient, _m, _v, length) => 32 * length,
  attention: (_out, _lse, _q, _k, _v, heads, _kvHeads, headDim, segments, count) =>
    2 * heads * headDim * pairsOf(memory, segments, count),
  attentionBackward: (_dQ, _dK, _dV, _dOut, _out, _lse, _q, _k, _v, heads, _kvHeads, headDim, segments, count) =>
    5 * heads * headDim * pairsOf(memory, segments, count),
  logProb: (_logProb, _lse, _hidden, _head, _targets, rows, dim, vocab) => rows * dim * vocab,
  logProbBackward: (
    _dHidden,
    _dHead,
    _coefficient,
    _lse,
    _hidden,
    _head,
    _targets,
    rows,
    dim,
    vocab,
    _kept,
    keptRows,
  ) => (3 * rows - keptRows) * dim * vocab,
});

/** Pairs of a query and a key that tiles cover: about those that see each other. */
function pairsOf(memory: WebAssembly.Memory, segments: number, count: number): number {
  const table = new Int32Array(memory.buffer, segments, count * 4);
  let pairs = 0;
  for (let i = 0; i < table.length; i += 4) {
    const own = table[i + 1]! - table[i]!;
    pairs += own * (own / 2 + table[i + 3]! - table[i + 2]!);
  }
  return pairs;
}
