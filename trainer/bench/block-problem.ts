/** One Llama block, its inputs, and the interface of an implementation under comparison. */
import type { Timing } from './timing';

export interface BlockShape {
  readonly batch: number;
  readonly length: number;
  readonly dim: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly hidden: number;
  readonly epsilon: number;
}

export const BLOCK: BlockShape = {
  batch: 4,
  length: 128,
  dim: 576,
  heads: 9,
  kvHeads: 3,
  headDim: 64,
  hidden: 1536,
  epsilon: 1e-5,
};

/**
 * The order in which every implementation takes and returns them. Weights are stored [out, in] as Hugging Face does.
 */
export const TENSORS = ['x', 'norm1', 'q', 'k', 'v', 'o', 'norm2', 'gate', 'up', 'down'] as const;
export type TensorName = (typeof TENSORS)[number];
export type Tensors = Record<TensorName, Float32Array>;

export interface Problem {
  readonly shape: BlockShape;
  readonly tensors: Tensors;
  /** Gradient of the objective at the block's output: loss = sum(output * dOutput). */
  readonly dOutput: Float32Array;
  /** [length, headDim / 2] */
  readonly cosine: Float32Array;
  readonly sine: Float32Array;
}

export interface BlockResult {
  readonly loss: number;
  readonly gradients: Tensors;
}

export interface Implementation {
  readonly name: string;
  /** One forward and backward pass, without data transfer. */
  run(): Promise<Timing>;
  /** The results of such a pass, to check that all implementations compute the same. */
  result(): Promise<BlockResult>;
  close(): void;
}

export function shapesOf(s: BlockShape): Record<TensorName, [rows: number, columns: number]> {
  const kv = s.kvHeads * s.headDim;
  return {
    x: [s.batch * s.length, s.dim],
    norm1: [1, s.dim],
    q: [s.heads * s.headDim, s.dim],
    k: [kv, s.dim],
    v: [kv, s.dim],
    o: [s.dim, s.heads * s.headDim],
    norm2: [1, s.dim],
    gate: [s.hidden, s.dim],
    up: [s.hidden, s.dim],
    down: [s.dim, s.hidden],
  };
}

export function makeProblem(shape: BlockShape, seed = 1): Problem {
  let state = seed;
  const uniform = (length: number, size: number) =>
    Float32Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state / 2147483648 - 1) * size;
    });
  const shapes = shapesOf(shape);
  const tensors = {} as Tensors;
  for (const name of TENSORS) {
    const [rows, columns] = shapes[name];
    const size = name === 'x' ? 1 : name.startsWith('norm') ? 0.2 : 1.7 / Math.sqrt(columns);
    tensors[name] = uniform(rows * columns, size);
    if (name.startsWith('norm')) tensors[name] = tensors[name].map((value) => 1 + value);
  }
  const half = shape.headDim / 2;
  const angle = (_: unknown, i: number) => Math.floor(i / half) * 10_000 ** (-(i % half) / half);
  const angles = Array.from({ length: shape.length * half }, angle);
  return {
    shape,
    tensors,
    dOutput: uniform(shape.batch * shape.length * shape.dim, 1),
    cosine: Float32Array.from(angles, Math.cos),
    sine: Float32Array.from(angles, Math.sin),
  };
}
