import { kernelBytes } from './build/kernels';

/** The kernels of assembly/index.ts: pointers are byte addresses in their memory, everything else plain numbers. */
export interface Kernels {
  matmul(form: number, c: number, a: number, b: number, m: number, n: number, k: number, accumulate: number): void;
  add(to: number, from: number, length: number): void;
  scale(x: number, factor: number, length: number): void;
  dropout(
    out: number,
    x: number,
    length: number,
    threshold: number,
    factor: number,
    seed: number,
    accumulate: number,
  ): void;
  addBias(out: number, bias: number, rows: number, dim: number): void;
  addBiasBackward(dBias: number, dOut: number, rows: number, dim: number): void;
  gatherRows(out: number, table: number, indices: number, rows: number, dim: number): void;
  scatterAddRows(dTable: number, dOut: number, indices: number, rows: number, dim: number): void;
  rmsNorm(out: number, inverseRms: number, x: number, weight: number, rows: number, dim: number, epsilon: number): void;
  rmsNormBackward(
    dX: number,
    dWeight: number,
    dOut: number,
    x: number,
    weight: number,
    inverseRms: number,
    rows: number,
    dim: number,
    accumulate: number,
  ): void;
  rope(
    x: number,
    positions: number,
    cosine: number,
    sine: number,
    rows: number,
    heads: number,
    headDim: number,
    direction: number,
  ): void;
  swiglu(out: number, gate: number, up: number, length: number): void;
  swigluBackward(dGate: number, dUp: number, dOut: number, gate: number, up: number, length: number): void;
  sumSquares(x: number, length: number): number;
  adamW(
    parameter: number,
    gradient: number,
    m: number,
    v: number,
    length: number,
    scale: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    keep: number,
    rate: number,
    root: number,
    epsilon: number,
  ): void;
  attention(
    out: number,
    logSumExp: number,
    q: number,
    k: number,
    v: number,
    heads: number,
    kvHeads: number,
    headDim: number,
    segments: number,
    count: number,
    scale: number,
  ): void;
  attentionBackward(
    dQ: number,
    dK: number,
    dV: number,
    dOut: number,
    out: number,
    logSumExp: number,
    q: number,
    k: number,
    v: number,
    heads: number,
    kvHeads: number,
    headDim: number,
    segments: number,
    count: number,
    scale: number,
  ): void;
  logProb(
    logProb: number,
    logSumExp: number,
    hidden: number,
    head: number,
    targets: number,
    rows: number,
    dim: number,
    vocab: number,
    kept: number,
    keptRows: number,
  ): void;
  logProbBackward(
    dHidden: number,
    dHead: number,
    coefficient: number,
    logSumExp: number,
    hidden: number,
    head: number,
    targets: number,
    rows: number,
    dim: number,
    vocab: number,
    kept: number,
    keptRows: number,
  ): void;
}

/** All exports of an instance. */
export interface KernelExports extends Kernels {
  readonly memory: WebAssembly.Memory;
  heapStart(threads: number): number;
}

/** All exports of an instance that shares its memory with other threads: see assembly/calls.ts. */
export interface ThreadExports extends KernelExports {
  setThread(thread: number, threads: number): void;
  setPatience(seconds: number): void;
  argumentsStart(): number;
  messageStart(): number;
  begin(kernel: number): void;
  awaitWorkers(): void;
  claimFailure(): number;
  tellFailure(): void;
  awaitFailure(): void;
}

/** Kernels ready to be called, and the memory their pointers point into. */
export interface LoadedKernels {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  /** First byte that is the host's to give away. */
  readonly heapStart: number;
  readonly threads: number;
  /** Ends the threads; the kernels may not be called any more. */
  close(): void;
}

export type KernelBuild = 'simd' | 'relaxed-simd';
type BinaryName = keyof typeof kernelBytes;

const modules = new Map<BinaryName, Promise<WebAssembly.Module>>();

function bytesOf(name: BinaryName): Uint8Array<ArrayBuffer> {
  const text = atob(kernelBytes[name]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

let relaxedRuns: boolean | undefined;

/** The fastest build this engine accepts. Node 20 has no relaxed SIMD, Chrome and Node 22 do. */
export function fastestBuild(): KernelBuild {
  relaxedRuns ??= WebAssembly.validate(bytesOf('relaxed-simd'));
  return relaxedRuns ? 'relaxed-simd' : 'simd';
}

/** Compiled once a process and shared by all instances. */
export function compileKernels(name: BinaryName): Promise<WebAssembly.Module> {
  let module = modules.get(name);
  if (!module) {
    module = WebAssembly.compile(bytesOf(name));
    modules.set(name, module);
  }
  return module;
}

/** What every instance imports, with the memory for the builds that share one. */
export function kernelImports(memory?: WebAssembly.Memory): WebAssembly.Imports {
  const abort = (_message: number, file: number, line: number, column: number) => {
    throw new Error(`wasm kernel aborted at ${file}:${line}:${column}`);
  };
  return { env: { abort, ...(memory && { memory }) } };
}

/** Kernels for one thread, with a memory of their own. */
export async function loadKernels(build: KernelBuild): Promise<LoadedKernels> {
  const instance = await WebAssembly.instantiate(await compileKernels(build), kernelImports());
  const kernels = instance.exports as unknown as KernelExports;
  return { kernels, memory: kernels.memory, heapStart: kernels.heapStart(1), threads: 1, close: () => {} };
}
