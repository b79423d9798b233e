/** Runs one program of ops on two backends with the same seeded inputs, and compares its outputs. */
import { expect } from 'vitest';
import type { Backend, SegmentLayout, Tensor } from './backend';
import { createReferenceBackend } from './reference/reference-backend';

/** Deterministic uniform numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Elements behind the end of every output, which no op may touch. */
const CANARY = 5;

export class Session {
  private readonly outputs: { name: string; tensor: Tensor; length: number }[] = [];
  readonly random: () => number;

  constructor(
    readonly backend: Backend,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  /** Values about uniform in [-size, size]. */
  input(length: number, size = 1): Tensor {
    return this.floats(Float32Array.from({ length }, () => (this.random() * 2 - 1) * size));
  }

  floats(values: Float32Array): Tensor {
    const tensor = this.backend.alloc(values.length);
    this.backend.write(tensor, values);
    return tensor;
  }

  /** Values about uniform in [-size, size], in half precision. */
  halves(length: number, size = 1): Tensor {
    const tensor = this.backend.allocHalf!(length);
    this.backend.write(
      tensor,
      Float32Array.from({ length }, () => (this.random() * 2 - 1) * size),
    );
    return tensor;
  }

  ints(values: ArrayLike<number>): Tensor {
    const tensor = this.backend.allocInt(values.length);
    this.backend.write(tensor, Int32Array.from(values));
    return tensor;
  }

  indices(length: number, limit: number): Tensor {
    return this.ints(Array.from({ length }, () => Math.floor(this.random() * limit)));
  }

  /** A tensor to compare after the run. It starts with arbitrary values, so that "overwrites" and "adds to" differ. */
  output(name: string, length: number): Tensor {
    const tensor = this.input(length + CANARY);
    this.outputs.push({ name, tensor, length });
    return tensor;
  }

  /** As `output`, in half precision. */
  halfOutput(name: string, length: number): Tensor {
    const tensor = this.halves(length + CANARY);
    this.outputs.push({ name, tensor, length });
    return tensor;
  }

  async results(): Promise<Map<string, Float32Array>> {
    const results = new Map<string, Float32Array>();
    for (const { name, tensor, length } of this.outputs) {
      results.set(name, await this.backend.read(tensor, 0, length));
      results.set(`${name} (behind its end)`, await this.backend.read(tensor, length));
    }
    return results;
  }
}

export type Program = (session: Session) => void;

export async function runProgram(backend: Backend, seed: number, program: Program): Promise<Map<string, Float32Array>> {
  const session = new Session(backend, seed);
  program(session);
  return session.results();
}

/** Fails unless the largest difference is within `tolerance` of the largest expected magnitude (at least 0.05). */
export function expectClose(actual: Float32Array, expected: Float32Array, tolerance: number, what: string): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  let size = 0;
  for (const value of expected) size = Math.max(size, Math.abs(value));
  let worst = 0;
  for (let i = 1; i < expected.length; i++) {
    if (!(Math.abs(actual[i]! - expected[i]!) <= Math.abs(actual[worst]! - expected[worst]!))) worst = i;
  }
  if (expected.length === 0) return;
  const error = Math.abs(actual[worst]! - expected[worst]!);
  if (!(error <= tolerance * Math.max(size, 0.05))) {
    expect.fail(`${what}: element ${worst} is ${actual[worst]}, expected ${expected[worst]} (largest ${size})`);
  }
}

/** Unlike ===, distinguishes the two zeros and finds a NaN equal to itself. */
export function sameBits(a: Float32Array, b: Float32Array): boolean {
  const [x, y] = [a, b].map((values) => new Uint32Array(values.buffer, values.byteOffset, values.length));
  return x!.length === y!.length && x!.every((bits, i) => bits === y![i]);
}

export async function expectSameAsReference(
  create: () => Promise<Backend>,
  seed: number,
  program: Program,
  tolerance: number,
): Promise<void> {
  const reference = createReferenceBackend();
  const backend = await create();
  try {
    const expected = await runProgram(reference, seed, program);
    const actual = await runProgram(backend, seed, program);
    for (const [name, values] of expected) expectClose(actual.get(name)!, values, tolerance, `${name} (seed ${seed})`);
    const again = await runProgram(backend, seed, program);
    for (const [name, values] of actual) {
      expect(sameBits(again.get(name)!, values), `${name} is bit-identical when run again (seed ${seed})`).toBe(true);
    }
  } finally {
    backend.dispose();
    reference.dispose();
  }
}

/** Segment layouts by name: naive sequences, shared prefixes, single rows. */
export const LAYOUTS: Readonly<Record<string, SegmentLayout>> = {
  'one row': [{ start: 0, end: 1, prefixStart: 0, prefixEnd: 0 }],
  'one sequence': [{ start: 0, end: 37, prefixStart: 0, prefixEnd: 0 }],
  'three sequences': [
    { start: 0, end: 5, prefixStart: 0, prefixEnd: 0 },
    { start: 5, end: 6, prefixStart: 5, prefixEnd: 5 },
    { start: 6, end: 75, prefixStart: 0, prefixEnd: 0 },
  ],
  'two shared prefixes': [
    { start: 0, end: 19, prefixStart: 0, prefixEnd: 0 },
    { start: 19, end: 26, prefixStart: 0, prefixEnd: 19 },
    { start: 26, end: 27, prefixStart: 0, prefixEnd: 19 },
    { start: 27, end: 60, prefixStart: 0, prefixEnd: 19 },
    { start: 60, end: 63, prefixStart: 60, prefixEnd: 60 },
    { start: 63, end: 68, prefixStart: 60, prefixEnd: 63 },
    { start: 68, end: 68, prefixStart: 60, prefixEnd: 63 },
    { start: 68, end: 81, prefixStart: 60, prefixEnd: 63 },
  ],
  'long prefix, prefix in the middle': [
    { start: 0, end: 140, prefixStart: 0, prefixEnd: 0 },
    { start: 140, end: 155, prefixStart: 0, prefixEnd: 140 },
    { start: 155, end: 230, prefixStart: 3, prefixEnd: 130 },
  ],
};

export function rowsOf(layout: SegmentLayout): number {
  return layout.at(-1)?.end ?? 0;
}
