/**
 * The ops contract on a GPU: host-side checks and bookkeeping. How ops are recorded lies beside this file, the kernels
 * in kernels/.
 */

import { packHalves, unpackHalves } from '../../io/half-precision';
import {
  type AdamWStep,
  type AttentionArguments,
  type AttentionBackwardArguments,
  type Backend,
  cachedRows,
  type DropoutArguments,
  type LogProbArguments,
  type LogProbBackwardArguments,
  type MatmulArguments,
  type RmsNormArguments,
  type RmsNormBackwardArguments,
  type RopeArguments,
  type SwigluBackwardArguments,
  type Tensor,
  tensorBytes,
} from '../backend';
import * as checks from '../checks';
import { BackendError } from '../checks';
import { recordAttention, recordAttentionBackward } from './attention';
import type { PoolBuffer } from './buffer-pool';
import { DeviceState } from './device-state';
import {
  adamWKernel,
  addKernel,
  copyKernel,
  dropoutKernel,
  ropeKernel,
  scaleKernel,
  swigluBackwardKernel,
} from './kernels/elementwise';
import { rmsNormBackwardKernel, rmsNormKernel } from './kernels/rows';
import { type Head, recordLogProb, recordLogProbBackward } from './log-prob';
import { recordMatmul } from './matmul';
import { probeSubgroups } from './probe-subgroups';
import { ReadBack } from './read-back';
import { Recorder, type RecorderOptions, whole } from './recorder';
import { describeAdapter, isSoftware, type RequestDeviceOptions, requestDevice } from './request-device';
import {
  elementwiseGroups,
  recordColumnSum,
  recordElementwise,
  recordFill,
  recordGather,
  recordOneByOne,
  recordScatter,
  recordSumSquares,
} from './rows';
import { roomFor, TensorStore } from './tensor-store';
import type { TileCache } from './tile-cache';
import { fastestChoices } from './tune-matmul';

export interface WebGpuBackend extends Backend {
  readonly name: 'webgpu';
  readonly device: GPUDevice;
  /** Bytes of all buffers on the device, including free ones. */
  readonly bytesReserved: number;
  /** Buffers created so far: constant once a loop has settled. */
  readonly buffersCreated: number;
  /** Batches of commands submitted so far. */
  readonly submissions: number;
  /** Dispatches recorded so far, and those of `prepare`. */
  readonly dispatches: number;
  /** Submits what is recorded, without waiting for it. */
  flush(): void;
}

export interface WebGpuOptions extends RequestDeviceOptions, RecorderOptions {
  /** Used as it is, and not destroyed by `dispose`. Absent: one is requested. */
  readonly device?: GPUDevice;
  /** Where measured tiles are stored for the next run. Absent: they are measured again. */
  readonly tileCache?: TileCache;
}

/** Throws NoAdapterError where there is no adapter that may be used. */
export async function createWebGpuBackend(options: WebGpuOptions = {}): Promise<WebGpuBackend> {
  const { device, description } = options.device
    ? { device: options.device, description: describeAdapter(options.device.adapterInfo) }
    : await requestDevice(options);
  const backend = new WebGpu(device, description, options);
  await backend.probe();
  if (options.tune ?? !isSoftware(device.adapterInfo)) await backend.tune(options.tileCache);
  return backend;
}

class WebGpu implements WebGpuBackend {
  readonly name = 'webgpu';
  private readonly state: DeviceState;
  private readonly recorder: Recorder;
  private readonly readBack: ReadBack;
  private readonly store = new TensorStore();
  private readonly ownsDevice: boolean;
  private disposed = false;

  constructor(
    readonly device: GPUDevice,
    readonly description: string,
    options: WebGpuOptions,
  ) {
    this.ownsDevice = options.device === undefined;
    this.state = new DeviceState(device);
    this.recorder = new Recorder(device, this.state, options);
    this.readBack = new ReadBack(device);
  }

  async probe(): Promise<void> {
    const { recorder, readBack } = this;
    recorder.pipelines.subgroups = await this.state.explain(() => probeSubgroups(recorder, readBack));
  }

  async tune(cache?: TileCache): Promise<void> {
    const waitForDevice = async () => {
      this.recorder.flush();
      await this.device.queue.onSubmittedWorkDone();
      await this.state.settled();
    };
    this.recorder.measuredChoices = await fastestChoices(this.recorder, waitForDevice, cache);
  }

  prepare(record: () => void): Promise<void> {
    return this.state.explain(() => this.recorder.compileAhead(record));
  }

  get prefersHalf(): boolean {
    return !this.recorder.software && this.device.features.has('shader-f16');
  }

  get bytesInUse(): number {
    return this.store.bytesInUse;
  }

  get bytesReserved(): number {
    return this.recorder.pool.bytesReserved;
  }

  get buffersCreated(): number {
    return this.recorder.pool.created;
  }

  get submissions(): number {
    return this.recorder.submitted;
  }

  get dispatches(): number {
    return this.recorder.dispatches;
  }

  flush(): void {
    this.recorder.flush();
  }

  alloc(length: number): Tensor {
    checks.checkCounts('alloc', { length });
    return this.allocate(length, 'f32');
  }

  allocInt(length: number): Tensor {
    checks.checkCounts('allocInt', { length });
    return this.allocate(length, 'i32');
  }

  allocHalf(length: number): Tensor {
    checks.checkCounts('allocHalf', { length });
    return this.allocate(length, 'f16');
  }

  private allocate(length: number, dtype: Tensor['dtype']): Tensor {
    if (this.disposed) throw new BackendError('this backend was disposed of');
    this.state.check();
    const bytes = tensorBytes({ length, dtype });
    const { buffer, zeroed } = this.recorder.pool.acquire(bytes);
    if (!zeroed) recordFill(this.recorder, buffer, bytes / 4, 0);
    return this.store.add(length, dtype, buffer);
  }

  allocTogether(lengths: readonly number[]): Tensor[] {
    checks.checkCounts('allocTogether', Object.fromEntries(lengths.entries()));
    return this.allocateTogether(lengths, 'f32');
  }

  allocLike(tensors: readonly Tensor[], dtype: 'f32' | 'f16'): Tensor[] {
    const made = new Map<Tensor, Tensor>();
    try {
      for (const { parts } of this.store.runs(tensors)) {
        const lengths = parts.map(({ length }) => length);
        const alike = parts.length > 1 ? this.allocateTogether(lengths, dtype) : [this.allocate(lengths[0]!, dtype)];
        for (const [i, part] of parts.entries()) made.set(part, alike[i]!);
      }
    } catch (error) {
      for (const tensor of made.values()) this.free(tensor);
      throw error;
    }
    return tensors.map((tensor) => made.get(tensor)!);
  }

  wholesOf(tensors: readonly Tensor[]): Tensor[] {
    return this.store.runs(tensors).map(({ whole }) => whole);
  }

  /** In as few buffers as the device allows; in which, depends on lengths alone. */
  private allocateTogether(lengths: readonly number[], dtype: 'f32' | 'f16'): Tensor[] {
    if (this.disposed) throw new BackendError('this backend was disposed of');
    this.state.check();
    const most = Math.floor(this.device.limits.maxBufferSize / 8);
    const made: Tensor[] = [];
    try {
      for (let first = 0; first < lengths.length; ) {
        let end = first + 1;
        let total = roomFor(lengths[first]!);
        while (end < lengths.length && total + roomFor(lengths[end]!) <= most) total += roomFor(lengths[end++]!);
        const bytes = tensorBytes({ length: total, dtype });
        const { buffer, zeroed } = this.recorder.pool.acquire(bytes);
        if (!zeroed) recordFill(this.recorder, buffer, bytes / 4, 0);
        for (const tensor of this.store.addTogether(lengths.slice(first, end), dtype, buffer)) made.push(tensor);
        first = end;
      }
    } catch (error) {
      for (const tensor of made) this.free(tensor);
      throw error;
    }
    return made;
  }

  free(tensor: Tensor): void {
    const buffer = this.store.remove(tensor);
    if (buffer) this.recorder.pool.release(buffer);
  }

  write(tensor: Tensor, values: Float32Array | Int32Array, offset = 0): void {
    const buffer = this.store.buffer(tensor);
    checks.checkWriteType(tensor, values);
    checks.checkRange('write', tensor, offset, values.length);
    if (values instanceof Int32Array) this.store.ints(tensor).set(values, offset);
    this.recorder.upload(buffer, offset * 4, tensor.dtype === 'f16' ? packHalves(values as Float32Array) : values);
  }

  async read(tensor: Tensor, offset = 0, length = tensor.length - offset): Promise<Float32Array> {
    const buffer = this.store.buffer(tensor);
    checks.checkRange('read', tensor, offset, length);
    this.state.check();
    if (tensor.dtype === 'i32') return Float32Array.from(this.store.ints(tensor).subarray(offset, offset + length));
    if (length === 0) return new Float32Array(0);
    if (tensor.dtype === 'f32') return this.fetch(buffer, offset, length);
    const words = await this.fetch(buffer, 0, Math.ceil(tensor.length / 2));
    return unpackHalves(words, tensor.length).slice(offset, offset + length);
  }

  /** Waits for the device. Offset and length in words of four bytes. */
  private async fetch(buffer: PoolBuffer, offset: number, length: number): Promise<Float32Array> {
    const staging = this.readBack.take(length * 4);
    this.recorder.copy(buffer, offset * 4, staging, length * 4);
    this.recorder.flush();
    return this.state.explain(async () => {
      const values = await this.readBack.values(staging, length);
      await this.state.settled();
      this.readBack.give(staging);
      return values;
    });
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.store.clear();
    this.recorder.dispose();
    this.readBack.dispose();
    this.state.dispose();
    if (this.ownsDevice) this.device.destroy();
  }

  private floats(tensor: Tensor): PoolBuffer {
    return this.store.floats(tensor);
  }

  /** f32, or f16. */
  private values(...tensors: Tensor[]) {
    return tensors.map((tensor) => this.store.values(tensor));
  }

  private views(...tensors: Tensor[]) {
    return tensors.map((tensor) => whole(this.store.buffer(tensor)));
  }

  fill(x: Tensor, value: number): void {
    recordFill(this.recorder, this.floats(x), x.length, value);
  }

  copy(out: Tensor, x: Tensor): void {
    checks.checkCopy(out, x);
    const [to, from] = [this.store.values(out), this.store.values(x)];
    if (to.buffer !== from.buffer) recordElementwise(this.recorder, copyKernel, [to, from], x.length, {});
  }

  add(out: Tensor, x: Tensor): void {
    checks.checkSameLength('add', { out, x });
    recordElementwise(this.recorder, addKernel, this.values(out, x), x.length, {});
  }

  scale(x: Tensor, factor: number, length: number): void {
    checks.checkScale(x, factor, length);
    recordElementwise(this.recorder, scaleKernel, this.values(x), length, { factor });
  }

  dropout(args: DropoutArguments): void {
    checks.checkDropout(args);
    const { out, x, length, rate, seed, accumulate = false } = args;
    const threshold = Math.min(Math.ceil(rate * 2 ** 32), 0xffffffff);
    const kernel = dropoutKernel(accumulate, x.dtype === 'f16');
    recordOneByOne(this.recorder, kernel, this.values(out, x), length, (first) => ({
      first,
      seed: seed >>> 0,
      threshold,
      factor: 1 / (1 - rate),
    }));
  }

  matmul(args: MatmulArguments): void {
    checks.checkMatmul(args);
    const { form, out, a, b, rows, columns, inner, plus, bias, swiglu, scale } = args;
    const matrix = (tensor: Tensor, stride: number) => ({ ...this.store.values(tensor), start: 0, stride });
    recordMatmul(this.recorder, {
      form,
      c: matrix(out, columns),
      a: matrix(a, form === 'tn' ? rows : inner),
      b: matrix(b, form === 'nt' ? inner : columns),
      m: rows,
      n: columns,
      k: inner,
      plus: plus && matrix(plus, columns),
      bias: bias && matrix(bias, columns),
      gate: swiglu && matrix(swiglu.gate, columns),
      gated: swiglu && matrix(swiglu.out, columns),
      scale,
    });
  }

  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void {
    checks.checkBias('addBiasBackward', dOut, dBias, rows, dim);
    recordColumnSum(this.recorder, { sums: this.floats(dBias), dOut: this.floats(dOut), normed: null, rows, dim });
  }

  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkIndexedRows('gatherRows', { matrix: out, table, indices, rows, dim }, this.store.ints(indices));
    recordGather(this.recorder, {
      out: this.floats(out),
      table: this.store.values(table),
      tableRows: Math.floor(table.length / Math.max(dim, 1)),
      indices: this.store.buffer(indices),
      rows,
      dim,
    });
  }

  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void {
    const values = this.store.ints(indices);
    checks.checkIndexedRows('scatterAddRows', { matrix: dOut, table: dTable, indices, rows, dim }, values);
    recordScatter(this.recorder, {
      dTable: this.floats(dTable),
      tableRows: Math.floor(dTable.length / Math.max(dim, 1)),
      dOut: this.floats(dOut),
      indices: values,
      rows,
      dim,
    });
  }

  rmsNorm(args: RmsNormArguments): void {
    checks.checkRmsNorm(args);
    const { out, inverseRms, x, weight, rows, dim, epsilon } = args;
    this.recorder.dispatch(
      rmsNormKernel(out.dtype === 'f16'),
      this.views(out, inverseRms, x, weight),
      { rows, dim, epsilon },
      Math.min(rows, this.recorder.maxWorkgroups),
    );
  }

  rmsNormBackward(args: RmsNormBackwardArguments): void {
    checks.checkRmsNormBackward(args);
    const { dX, dWeight, dOut, x, weight, inverseRms, rows, dim, accumulate = false } = args;
    const normed = { x: this.floats(x), inverseRms: this.floats(inverseRms) };
    const sums = dWeight && this.floats(dWeight);
    this.recorder.dispatch(
      rmsNormBackwardKernel(accumulate),
      this.views(dX, dOut, x, weight, inverseRms),
      { rows, dim },
      Math.min(rows, this.recorder.maxWorkgroups),
    );
    if (sums) recordColumnSum(this.recorder, { sums, dOut: this.floats(dOut), normed, rows, dim });
  }

  rope(args: RopeArguments): void {
    const { x, positions, cosine, sine, rows, heads, headDim, direction } = args;
    checks.checkRope(args, this.store.ints(positions));
    const isHalf = x.dtype === 'f16';
    const half = headDim / (isHalf ? 8 : 2);
    const length = rows * heads * half;
    this.recorder.dispatch(
      ropeKernel(isHalf ? 'half' : 'one'),
      this.views(x, positions, cosine, sine),
      { length, heads, half, direction },
      elementwiseGroups(this.recorder, length),
    );
  }

  attention(args: AttentionArguments): void {
    checks.checkAttention(args);
    recordAttention(this.recorder, this.attentionInputs(args), args.shape);
  }

  attentionBackward(args: AttentionBackwardArguments): void {
    checks.checkAttentionBackward(args);
    recordAttentionBackward(
      this.recorder,
      { dQ: this.floats(args.dQ), dK: this.floats(args.dK), dV: this.floats(args.dV) },
      { dOut: this.floats(args.dOut), ...this.attentionInputs(args) },
      args.shape,
    );
  }

  private attentionInputs({ out, logSumExp, q, k, v }: AttentionArguments) {
    const of = (tensor: Tensor) => this.store.values(tensor).buffer;
    return { out: of(out), logSumExp: this.floats(logSumExp), q: of(q), k: of(k), v: of(v), half: q.dtype === 'f16' };
  }

  swigluBackward(args: SwigluBackwardArguments): void {
    checks.checkSwigluBackward(args);
    const { dGate, dUp, dOut, gate, up, length } = args;
    recordElementwise(this.recorder, swigluBackwardKernel, this.values(dGate, dUp, dOut, gate, up), length, {});
  }

  logProb(args: LogProbArguments): void {
    checks.checkLogProb(args, this.store.ints(args.targets));
    recordLogProb(this.recorder, this.floats(args.logProb), this.floats(args.logSumExp), this.head(args));
  }

  logProbBackward(args: LogProbBackwardArguments): void {
    checks.checkLogProbBackward(args, this.store.ints(args.targets));
    const { dHidden, dHead, coefficient, logSumExp } = args;
    recordLogProbBackward(
      this.recorder,
      {
        dHidden: this.floats(dHidden),
        dHead: dHead && this.floats(dHead),
        coefficient: this.floats(coefficient),
        logSumExp: this.floats(logSumExp),
      },
      this.head(args),
    );
  }

  private head({ hidden, head, targets, rows, dim, vocab, logitCache }: Omit<LogProbArguments, 'logProb'>): Head {
    return {
      hidden: this.floats(hidden),
      head: this.store.values(head),
      targets: this.store.buffer(targets),
      rows,
      dim,
      vocab,
      cache: logitCache ? { buffer: this.floats(logitCache), rows: cachedRows(logitCache, rows, vocab) } : null,
    };
  }

  sumSquares(out: Tensor, offset: number, x: Tensor): void {
    checks.checkSumSquares(out, offset, x);
    recordSumSquares(this.recorder, this.floats(out), offset, this.floats(x), x.length);
  }

  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
    checks.checkAdamW(parameter, gradient, m, v, step);
    const { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale } = step;
    recordElementwise(this.recorder, adamWKernel, this.values(parameter, gradient, m, v), parameter.length, {
      gradientScale,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      decay: 1 - learningRate * weightDecay,
      rate: learningRate / (1 - beta1 ** step.step),
      inverseRoot: 1 / Math.sqrt(1 - beta2 ** step.step),
      epsilon,
    });
  }
}
