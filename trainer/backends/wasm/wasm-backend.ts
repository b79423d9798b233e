/** The ops contract on the CPU: host-side checks and bookkeeping around the kernels of assembly/. */
import {
  type AdamWStep,
  type AttentionArguments,
  type AttentionBackwardArguments,
  type AttentionShape,
  type Backend,
  cachedRows,
  type DropoutArguments,
  type LogProbArguments,
  type LogProbBackwardArguments,
  type MatmulArguments,
  type MatmulForm,
  type RmsNormArguments,
  type RmsNormBackwardArguments,
  type RopeArguments,
  type SwigluBackwardArguments,
  type Tensor,
} from '../backend';
import * as checks from '../checks';
import type { KernelArguments, Kernels } from './kernel-parameters';
import { fastestBuild, type KernelBuild, type LoadedKernels, loadKernels } from './load-kernels';
import { TensorStore } from './tensor-store';
import { automaticThreads } from './thread-count';
import { loadThreads, type ThreadOptions } from './thread-pool';

export interface WasmBackend extends Backend {
  /** Bytes of linear memory allocated so far; it never shrinks. */
  readonly bytesReserved: number;
}

export interface WasmOptions extends ThreadOptions {
  /** Default: the fastest one that the engine accepts. */
  readonly build?: KernelBuild;
  /**
   * 1 to 32, default 1. More than one needs SharedArrayBuffer, and calls block the calling thread. 'automatic': one per
   * core, at most 8, and 1 where more cannot be started. Results are the same, bit for bit.
   */
  readonly threads?: number | 'automatic';
  /** Most bytes that tensors may take, for a machine with less memory than the 4 GiB of 32-bit addresses. */
  readonly bytesLimit?: number;
}

export async function createWasmBackend(options: WasmOptions = {}): Promise<WasmBackend> {
  const { build = fastestBuild(), threads = 1 } = options;
  if (threads === 'automatic') {
    const count = automaticThreads();
    const singleThreaded = () => createWasmBackend({ build, bytesLimit: options.bytesLimit });
    return count === 1
      ? singleThreaded()
      : createWasmBackend({ ...options, build, threads: count }).catch(singleThreaded);
  }
  checks.checkThreads(threads);
  const loaded = threads === 1 ? await loadKernels(build) : await loadThreads(build, threads, options);
  return new Wasm(loaded, build, options.bytesLimit);
}

/** The kernel takes a form as its index in this list. */
const FORMS: readonly MatmulForm[] = ['nt', 'nn', 'tn'];

type AttentionShapeArguments = Pick<
  KernelArguments<'attention'>,
  'heads' | 'kvHeads' | 'headDim' | 'segments' | 'segmentCount' | 'scale'
>;

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

  private address(tensor: Tensor): number {
    return this.store.address(tensor);
  }

  /**
   * Calls `run` with the kernels' arguments that describe a shape. The layout is a table of four i32 per segment that is
   * not idle; it exists during `run` only.
   */
  private withShape(shape: AttentionShape, run: (args: AttentionShapeArguments) => void): void {
    const { heads, kvHeads, headDim } = shape;
    const segments = shape.segments.filter(({ idle }) => !idle);
    const table = this.store.alloc(segments.length * 4, 'i32');
    const values = segments.flatMap((s) => [s.start, s.end, s.prefixStart, s.prefixEnd]);
    this.store.ints(table).set(values);
    const scale = 1 / Math.sqrt(headDim);
    try {
      run({ heads, kvHeads, headDim, segments: this.address(table), segmentCount: segments.length, scale });
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
    this.kernels.add({ out: this.address(out), x: this.address(x), length: x.length });
  }

  scale(x: Tensor, factor: number, length: number): void {
    checks.checkScale(x, factor, length);
    this.kernels.scale({ x: this.address(x), factor, length });
  }

  dropout(args: DropoutArguments): void {
    checks.checkDropout(args);
    const { length, rate, seed, accumulate = false } = args;
    this.kernels.dropout({
      out: this.address(args.out),
      x: this.address(args.x),
      length,
      threshold: Math.ceil(rate * 2 ** 32),
      factor: 1 / (1 - rate),
      seed,
      accumulate: Number(accumulate),
    });
  }

  matmul(args: MatmulArguments): void {
    checks.checkMatmul(args);
    const { form, a, b, rows, columns, inner, plus, bias, swiglu, scale } = args;
    const out = this.address(args.out);
    const length = rows * columns;
    if (plus && plus !== args.out) this.store.floats(args.out).set(this.store.floats(plus).subarray(0, length));
    this.kernels.matmul({
      form: FORMS.indexOf(form),
      out,
      a: this.address(a),
      b: this.address(b),
      rows,
      columns,
      inner,
      accumulate: Number(plus !== undefined),
    });
    if (scale !== undefined) this.scale(args.out, scale, length);
    if (bias) this.kernels.addBias({ out, bias: this.address(bias), rows, dim: columns });
    if (swiglu) {
      this.kernels.swiglu({ out: this.address(swiglu.out), gate: this.address(swiglu.gate), up: out, length });
    }
  }

  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void {
    checks.checkBias('addBiasBackward', dOut, dBias, rows, dim);
    this.kernels.addBiasBackward({ dBias: this.address(dBias), dOut: this.address(dOut), rows, dim });
  }

  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkIndexedRows('gatherRows', { matrix: out, table, indices, rows, dim }, this.store.ints(indices));
    const addresses = { out: this.address(out), table: this.address(table), indices: this.address(indices) };
    this.kernels.gatherRows({ ...addresses, rows, dim });
  }

  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void {
    const values = this.store.ints(indices);
    checks.checkIndexedRows('scatterAddRows', { matrix: dOut, table: dTable, indices, rows, dim }, values);
    const addresses = { dTable: this.address(dTable), dOut: this.address(dOut), indices: this.address(indices) };
    this.kernels.scatterAddRows({ ...addresses, rows, dim });
  }

  rmsNorm(args: RmsNormArguments): void {
    checks.checkRmsNorm(args);
    const { rows, dim, epsilon } = args;
    this.kernels.rmsNorm({
      out: this.address(args.out),
      inverseRms: this.address(args.inverseRms),
      x: this.address(args.x),
      weight: this.address(args.weight),
      rows,
      dim,
      epsilon,
    });
  }

  rmsNormBackward(args: RmsNormBackwardArguments): void {
    checks.checkRmsNormBackward(args);
    const { dWeight, rows, dim, accumulate = false } = args;
    this.kernels.rmsNormBackward({
      dX: this.address(args.dX),
      dWeight: dWeight ? this.address(dWeight) : 0,
      dOut: this.address(args.dOut),
      x: this.address(args.x),
      weight: this.address(args.weight),
      inverseRms: this.address(args.inverseRms),
      rows,
      dim,
      accumulate: Number(accumulate),
    });
  }

  rope(args: RopeArguments): void {
    checks.checkRope(args, this.store.ints(args.positions));
    const { rows, heads, headDim, direction } = args;
    this.kernels.rope({
      x: this.address(args.x),
      positions: this.address(args.positions),
      cosine: this.address(args.cosine),
      sine: this.address(args.sine),
      rows,
      heads,
      headDim,
      direction,
    });
  }

  attention(args: AttentionArguments): void {
    checks.checkAttention(args);
    this.withShape(args.shape, (shape) => this.kernels.attention({ ...this.attentionAddresses(args), ...shape }));
  }

  attentionBackward(args: AttentionBackwardArguments): void {
    checks.checkAttentionBackward(args);
    const { dQ, dK, dV, dOut } = args;
    const { rows, heads, kvHeads, headDim } = args.shape;
    this.store.floats(dQ).fill(0, 0, rows * heads * headDim);
    this.store.floats(dK).fill(0, 0, rows * kvHeads * headDim);
    this.store.floats(dV).fill(0, 0, rows * kvHeads * headDim);
    this.withShape(args.shape, (shape) =>
      this.kernels.attentionBackward({
        dQ: this.address(dQ),
        dK: this.address(dK),
        dV: this.address(dV),
        dOut: this.address(dOut),
        ...this.attentionAddresses(args),
        ...shape,
      }),
    );
  }

  private attentionAddresses({ out, logSumExp, q, k, v }: AttentionArguments) {
    return {
      out: this.address(out),
      logSumExp: this.address(logSumExp),
      q: this.address(q),
      k: this.address(k),
      v: this.address(v),
    };
  }

  swigluBackward(args: SwigluBackwardArguments): void {
    checks.checkSwigluBackward(args);
    this.kernels.swigluBackward({
      dGate: this.address(args.dGate),
      dUp: this.address(args.dUp),
      dOut: this.address(args.dOut),
      gate: this.address(args.gate),
      up: this.address(args.up),
      length: args.length,
    });
  }

  logProb(args: LogProbArguments): void {
    checks.checkLogProb(args, this.store.ints(args.targets));
    this.kernels.logProb({ logProb: this.address(args.logProb), ...this.headArguments(args) });
  }

  logProbBackward(args: LogProbBackwardArguments): void {
    checks.checkLogProbBackward(args, this.store.ints(args.targets));
    const { dHidden, dHead, coefficient } = args;
    this.kernels.logProbBackward({
      dHidden: this.address(dHidden),
      dHead: dHead ? this.address(dHead) : 0,
      coefficient: this.address(coefficient),
      ...this.headArguments(args),
    });
  }

  private headArguments(args: Omit<LogProbArguments, 'logProb'>) {
    const { logSumExp, hidden, head, targets, rows, dim, vocab, logitCache } = args;
    return {
      logSumExp: this.address(logSumExp),
      hidden: this.address(hidden),
      head: this.address(head),
      targets: this.address(targets),
      rows,
      dim,
      vocab,
      logitCache: logitCache ? this.address(logitCache) : 0,
      cachedRows: cachedRows(logitCache, rows, vocab),
    };
  }

  sumSquares(out: Tensor, offset: number, x: Tensor): void {
    checks.checkSumSquares(out, offset, x);
    this.store.floats(out)[offset] = this.kernels.sumSquares({ x: this.address(x), length: x.length });
  }

  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
    checks.checkAdamW(parameter, gradient, m, v, step);
    const { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale } = step;
    this.kernels.adamW({
      parameter: this.address(parameter),
      gradient: this.address(gradient),
      m: this.address(m),
      v: this.address(v),
      length: parameter.length,
      gradientScale,
      beta1,
      oneMinusBeta1: 1 - beta1,
      beta2,
      oneMinusBeta2: 1 - beta2,
      decayFactor: 1 - learningRate * weightDecay,
      stepSize: learningRate / (1 - beta1 ** step.step),
      inverseRootCorrection2: 1 / Math.sqrt(1 - beta2 ** step.step),
      epsilon,
    });
  }
}
