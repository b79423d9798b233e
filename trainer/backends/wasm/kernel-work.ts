/** The amount of work of a kernel call, estimated from its arguments in f32 multiply-adds of a matmul. */
import type { KernelArguments, KernelName } from './kernel-parameters';

type KernelWork = { readonly [K in KernelName]: (args: KernelArguments<K>) => number };

/** `memory` is where attention's segments are read. */
export const kernelWork = (memory: WebAssembly.Memory): KernelWork => ({
  matmul: ({ rows, columns, inner }) => rows * columns * inner,
  add: ({ length }) => 4 * length,
  scale: ({ length }) => 4 * length,
  dropout: ({ length }) => 16 * length,
  addBias: ({ rows, dim }) => 4 * rows * dim,
  addBiasBackward: ({ rows, dim }) => 4 * rows * dim,
  gatherRows: ({ rows, dim }) => 4 * rows * dim,
  scatterAddRows: ({ rows, dim }) => 4 * rows * dim,
  rmsNorm: ({ rows, dim }) => 8 * rows * dim,
  rmsNormBackward: ({ rows, dim }) => 16 * rows * dim,
  rope: ({ rows, heads, headDim }) => 8 * rows * heads * headDim,
  swiglu: ({ length }) => 32 * length,
  swigluBackward: ({ length }) => 48 * length,
  sumSquares: ({ length }) => 4 * length,
  adamW: ({ length }) => 32 * length,
  attention: (args) => 2 * args.heads * args.headDim * visiblePairs(memory, args),
  attentionBackward: (args) => 5 * args.heads * args.headDim * visiblePairs(memory, args),
  logProb: ({ rows, dim, vocab }) => rows * dim * vocab,
  logProbBackward: ({ rows, dim, vocab, cachedRows }) => (3 * rows - cachedRows) * dim * vocab,
});

interface SegmentTable {
  /** Byte address of four i32 per segment: start, end, prefixStart, prefixEnd. */
  readonly segments: number;
  readonly segmentCount: number;
}

/** About the number of pairs of a query and a key that attends to it, per head. */
function visiblePairs(memory: WebAssembly.Memory, { segments, segmentCount }: SegmentTable): number {
  const table = new Int32Array(memory.buffer, segments, segmentCount * 4);
  let pairs = 0;
  for (let i = 0; i < table.length; i += 4) {
    const rows = table[i + 1]! - table[i]!;
    pairs += rows * (rows / 2 + table[i + 3]! - table[i + 2]!);
  }
  return pairs;
}
