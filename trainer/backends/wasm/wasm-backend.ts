/** The ops contract on the CPU: host-side checks and bookkeeping around the kernels of assembly/. */
import {
  type AdamWStep,
  type AttentionShape,
  type Backend,
  type Epilogue,
  keptRows,
  type MatmulForm,
  type Tensor,
} from '../backend';
import * as checks from '../checks';
import { fastestBuild, type KernelBuild, type Kernels, type LoadedKernels, loadKernels } from './load-kernels';
import { TensorStore } from './tensor-store';
import { automaticThreads } from './thread-count';
import { loadThreads, type ThreadOptions } from './thread-pool';

export interface WasmBackend extends Backend {
  /** Linear memory taken from the engine so far; it never shrinks. */
  readonly bytesReserved: number;
}

export interface WasmOptions extends ThreadOptions {
  /** Default: the fastest one that the engine accepts. */
  readonly build?: KernelBuild;
  /**
   * 1 to 32, default 1. More than one need SharedArrayBuffer, and block the thread that calls. 'automatic': as many as
   * there are cores, at most 8, and 1 where more cannot be started. The results are the same, bit for bit.
   */
  readonly threads?: number | 'automatic';
  /** Most bytes that tensors may take, for a machine with less than the 4 GiB of a 32-bit memory. */
  readonly bytesLimit?: number;
}

export async function createWasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const { build = fastestBuild(), threads = 1 } = options;
  if (threads === 'automatic') {
    const count = automaticThreads();
    const alone = () => createWasmBackend({ build, bytesLimit: options.bytesLimit });
    return count === 1 ? alone() : createWasmBackend({ ...options, build, threads: count }).catch(alone);
  }
  checks.checkThreads(threads);
  const loaded = threads === 1 ? await loadKernels(build) : await loadThreads(build, threads, options);
  return new Wasm(loaded, build, options.bytesLimit);
}

/** Kernel's numbering. */
const FORMS: readonly MatmulForm[] = ['nt', 'nn', 'tn'];

class Wasm implements WasmBackend {
  readonly name = 'wasm';
  readonly description: string;
  private readonly kernels: Kernels;
  private readonly store: TensorStore;

  constructor(
    private readonly loaded: LoadedKernels,
    build: KernelBuild,
    bytesLimit?: number,
  ) {
    const { kernels, memory, heapStart, threads } = loaded;
    const workers = threads === 1 ? '1 thread' : `${threads} threads`;
    this.description = `CPU (WebAssembly ${build === 'simd' ? 'SIMD' : 'relaxed SIMD'}, ${workers})`;
    this.kernels = kernels;
    this.store = new TensorStore(memory, heapStart, bytesLimit);
  }

  get bytesInUse(): number {
    return this.store.bytesInUse;
  }

  get bytesLimit(): number {
    return this.store.bytesLimit;
  }

  get bytesReserved(): number {
    return this.store.bytesReserved;
  }

  alloc(length: number): Tensor {
    checks.checkCounts('alloc', { length });
    return this.store.alloc(length, 'f32');
  }

  allocInt(length: number): Tensor {
    checks.checkCounts('allocInt', { length });
    return this.store.alloc(length, 'i32');
  }

  free(tensor: Tensor): void {
    this.store.free(tensor);
  }

  write(tensor: Tensor, values: Float32Array | Int32Array, offset = 0): void {
    checks.checkWriteType(tensor, values);
    checks.checkRange('write', tensor, offset, values.length);
    if (tensor.dtype === 'i32') this.store.ints(tensor).set(values, offset);
    else this.store.floats(tensor).set(values, offset);
  }

  async read(tensor: Tensor, offset = 0, length = tensor.length - offset): Promise<Float32Array> {
    checks.checkRange('read', tensor, offset, length);
    if (tensor.dtype === 'i32') return Float32Array.from(this.store.ints(tensor).subarray(offset, offset + length));
    return this.store.floats(tensor).slice(offset, offset + length);
  }

  dispose(): void {
    this.store.clear();
    this.loaded.close();
  }

  private at(tensor: Tensor): number {
    return this.store.address(tensor);
  }

  /** The layout as the kernels read it: four i32 a segment that is not idle, alive during `run` only. */
  private withSegments({ segments }: AttentionShape, run: (address: number, count: number) => void): void {
    const busy = segments.filter(({ idle }) => !idle);
    const table = this.store.alloc(busy.length * 4, 'i32');
    const values = busy.flatMap((s) => [s.start, s.end, s.prefixStart, s.prefixEnd]);
    this.store.ints(table).set(values);
    try {
      run(this.at(table), busy.length);
    } finally {
      this.store.free(table);
    }
  }

  fill(x: Tensor, value: number): void {
    this.store.floats(x).fill(value);
  }

  copy(out: Tensor, x: Tensor): void {
    checks.checkCopy(out, x);
    this.store.floats(out).set(this.store.floats(x));
  }

  add(out: Tensor, x: Tensor): void {
    checks.checkSameLength('add', { out, x });
    this.kernels.add(this.at(out), this.at(x), x.length);
  }

  scale(x: Tensor, factor: number, length: number): void {
    checks.checkScale(x, factor, length);
    this.kernels.scale(this.at(x), factor, length);
  }

  dropout(out: Tensor, x: Tensor, length: number, rate: number, seed: number, accumulate = false): void {
    checks.checkDropout(out, x, length, rate, seed);
    const threshold = Math.ceil(rate * 2 ** 32);
    this.kernels.dropout(this.at(out), this.at(x), length, threshold, 1 / (1 - rate), seed, Number(accumulate));
  }

  matmul(
    form: MatmulForm,
    c: Tensor,
    a: Tensor,
    b: Tensor,
    m: number,
    n: number,
    k: number,
    epilogue: Epilogue = {},
  ): void {
    checks.checkMatmul(form, c, a, b, m, n, k, epilogue);
    const { plus, bias, swiglu } = epilogue;
    const [to, length] = [this.at(c), m * n];
    if (plus && plus !== c) this.store.floats(c).set(this.store.floats(plus).subarray(0, length));
    this.kernels.matmul(FORMS.indexOf(form), to, this.at(a), this.at(b), m, n, k, Number(plus !== undefined));
    if (bias) this.kernels.addBias(to, this.at(bias), m, n);
    if (swiglu) this.kernels.swiglu(this.at(swiglu.out), this.at(swiglu.gate), to, length);
  }

  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void {
    checks.checkBias('addBiasBackward', dOut, dBias, rows, dim);
    this.kernels.addBiasBackward(this.at(dBias), this.at(dOut), rows, dim);
  }

  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkGather('gatherRows', out, table, indices, this.store.ints(indices), rows, dim);
    this.kernels.gatherRows(this.at(out), this.at(table), this.at(indices), rows, dim);
  }

  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkGather('scatterAddRows', dOut, dTable, indices, this.store.ints(indices), rows, dim);
    this.kernels.scatterAddRows(this.at(dTable), this.at(dOut), this.at(indices), rows, dim);
  }

  rmsNorm(
    out: Tensor,
    inverseRms: Tensor,
    x: Tensor,
    weight: Tensor,
    rows: number,
    dim: number,
    epsilon: number,
  ): void {
    checks.checkRmsNorm(out, inverseRms, x, weight, rows, dim);
    this.kernels.rmsNorm(this.at(out), this.at(inverseRms), this.at(x), this.at(weight), rows, dim, epsilon);
  }

  rmsNormBackward(
    dX: Tensor,
    dWeight: Tensor | null,
    dOut: Tensor,
    x: Tensor,
    weight: Tensor,
    inverseRms: Tensor,
    rows: number,
    dim: number,
    accumulate = false,
  ): void {
    checks.checkRmsNormBackward(dX, dWeight, dOut, x, weight, inverseRms, rows, dim);
    const dW = dWeight ? this.at(dWeight) : 0;
    this.kernels.rmsNormBackward(
      this.at(dX),
      dW,
      this.at(dOut),
      this.at(x),
      this.at(weight),
      this.at(inverseRms),
      rows,
      dim,
      Number(accumulate),
    );
  }

  rope(
    x: Tensor,
    positions: Tensor,
    cosine: Tensor,
    sine: Tensor,
    rows: number,
    heads: number,
    headDim: number,
    direction: 1 | -1,
  ): void {
    checks.checkRope(x, positions, this.store.ints(positions), cosine, sine, rows, heads, headDim);
    this.kernels.rope(this.at(x), this.at(positions), this.at(cosine), this.at(sine), rows, heads, headDim, direction);
  }

  attention(out: Tensor, logSumExp: Tensor, q: Tensor, k: Tensor, v: Tensor, shape: AttentionShape): void {
    checks.checkAttention('attention', { out, q }, { k, v }, logSumExp, shape);
    const { heads, kvHeads, headDim } = shape;
    this.withSegments(shape, (segments, count) =>
      this.kernels.attention(
        this.at(out),
        this.at(logSumExp),
        this.at(q),
        this.at(k),
        this.at(v),
        heads,
        kvHeads,
        headDim,
        segments,
        count,
        1 / Math.sqrt(headDim),
      ),
    );
  }

  attentionBackward(
    dQ: Tensor,
    dK: Tensor,
    dV: Tensor,
    dOut: Tensor,
    out: Tensor,
    logSumExp: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    shape: AttentionShape,
  ): void {
    checks.checkAttention('attentionBackward', { dQ, dOut, out, q }, { dK, dV, k, v }, logSumExp, shape);
    checks.checkDistinct('attentionBackward', { dQ, dK, dV }, { dOut, out, logSumExp, q, k, v });
    const { rows, heads, kvHeads, headDim } = shape;
    this.store.floats(dQ).fill(0, 0, rows * heads * headDim);
    this.store.floats(dK).fill(0, 0, rows * kvHeads * headDim);
    this.store.floats(dV).fill(0, 0, rows * kvHeads * headDim);
    this.withSegments(shape, (segments, count) =>
      this.kernels.attentionBackward(
        this.at(dQ),
        this.at(dK),
        this.at(dV),
        this.at(dOut),
        this.at(out),
        this.at(logSumExp),
        this.at(q),
        this.at(k),
        this.at(v),
        heads,
        kvHeads,
        headDim,
        segments,
        count,
        1 / Math.sqrt(headDim),
      ),
    );
  }

  swigluBackward(dGate: Tensor, dUp: Tensor, dOut: Tensor, gate: Tensor, up: Tensor, length: number): void {
    checks.checkSwigluBackward({ dGate, dUp, dOut }, gate, up, length);
    this.kernels.swigluBackward(this.at(dGate), this.at(dUp), this.at(dOut), this.at(gate), this.at(up), length);
  }

  logProb(
    logProb: Tensor,
    logSumExp: Tensor,
    hidden: Tensor,
    head: Tensor,
    targets: Tensor,
    rows: number,
    dim: number,
    vocab: number,
    kept: Tensor | null = null,
  ): void {
    checks.checkLogProb(
      'logProb',
      { logProb, logSumExp },
      hidden,
      head,
      targets,
      this.store.ints(targets),
      rows,
      dim,
      vocab,
      kept,
    );
    this.kernels.logProb(
      this.at(logProb),
      this.at(logSumExp),
      this.at(hidden),
      this.at(head),
      this.at(targets),
      rows,
      dim,
      vocab,
      kept ? this.at(kept) : 0,
      keptRows(kept, rows, vocab),
    );
  }

  logProbBackward(
    dHidden: Tensor,
    dHead: Tensor | null,
    coefficient: Tensor,
    logSumExp: Tensor,
    hidden: Tensor,
    head: Tensor,
    targets: Tensor,
    rows: number,
    dim: number,
    vocab: number,
    kept: Tensor | null = null,
  ): void {
    const op = 'logProbBackward';
    checks.checkLogProb(
      op,
      { coefficient, logSumExp },
      hidden,
      head,
      targets,
      this.store.ints(targets),
      rows,
      dim,
      vocab,
      kept,
    );
    checks.checkLogProbGradients(dHidden, dHead, { hidden, head, coefficient, logSumExp }, rows, dim, vocab, kept);
    this.kernels.logProbBackward(
      this.at(dHidden),
      dHead ? this.at(dHead) : 0,
      this.at(coefficient),
      this.at(logSumExp),
      this.at(hidden),
      this.at(head),
      this.at(targets),
      rows,
      dim,
      vocab,
      kept ? this.at(kept) : 0,
      keptRows(kept, rows, vocab),
    );
  }

  sumSquares(out: Tensor, offset: number, x: Tensor): void {
    checks.checkSumSquares(out, offset, x);
    this.store.floats(out)[offset] = this.kernels.sumSquares(this.at(x), x.length);
  }

  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
    checks.checkAdamW(parameter, gradient, m, v, step);
    const { learningRate, beta1, beta2, epsilon, weightDecay } = step;
    this.kernels.adamW(
      this.at(parameter),
      this.at(gradient),
      this.at(m),
      this.at(v),
      parameter.length,
      step.gradientScale,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      1 - learningRate * weightDecay,
      learningRate / (1 - beta1 ** step.step),
      1 / Math.sqrt(1 - beta2 ** step.step),
      epsilon,
    );
  }
}
