import { relaxedSimdKernels, simdKernels } from './build/kernels';

/** The exports of assembly/index.ts: pointers are byte addresses in `memory`, everything else plain numbers. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  heapStart(): number;
  matmul(form: number, c: number, a: number, b: number, m: number, n: number, k: number, accumulate: number): void;
  addRow(to: number, from: number, length: number): void;
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
  ): void;
}

export type KernelBuild = 'simd' | 'relaxed-simd';

const modules = new Map<KernelBuild, Promise<WebAssembly.Module>>();

function bytesOf(build: KernelBuild): Uint8Array<ArrayBuffer> {
  const text = atob(build === 'simd' ? simdKernels : relaxedSimdKernels);
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

/** A fresh instance with a memory of its own; the compiled module is shared. */
export async function loadKernels(build: KernelBuild): Promise<Kernels> {
  let module = modules.get(build);
  if (!module) {
    module = WebAssembly.compile(bytesOf(build));
    modules.set(build, module);
  }
  const env = {
    abort: (_message: number, file: number, line: number, column: number) => {
      throw new Error(`wasm kernel aborted at ${file}:${line}:${column}`);
    },
  };
  const instance = await WebAssembly.instantiate(await module, { env });
  return instance.exports as unknown as Kernels;
}
