/**
 * The specification: every op in float64 and plain loops. Slow on purpose; tests compare the real backends with it.
 */

import { fromHalf, toHalf } from '../../io/half-precision';
import type {
  AdamWStep,
  AttentionArguments,
  AttentionBackwardArguments,
  Backend,
  DropoutArguments,
  LogProbArguments,
  LogProbBackwardArguments,
  MatmulArguments,
  RmsNormArguments,
  RmsNormBackwardArguments,
  RopeArguments,
  SwigluBackwardArguments,
  Tensor,
} from '../backend';
import * as checks from '../checks';
import { BackendError } from '../checks';
import * as attentionOps from './attention';
import * as dense from './dense';
import * as pointwise from './pointwise';

export interface ReferenceBackend extends Backend {
  /** The values as they are, not rounded to f32: for finite differences. */
  readFloat64(tensor: Tensor, offset?: number, length?: number): Float64Array;
  writeFloat64(tensor: Tensor, values: Float64Array, offset?: number): void;
}

export function createReferenceBackend(): ReferenceBackend {
  return new Reference();
}

class Reference implements ReferenceBackend {
  readonly name = 'reference';
  readonly description = 'Reference (float64, plain TypeScript, slow)';
  /** Handle to values; a tensor not in here was freed or belongs to another backend. */
  private readonly floats = new Map<Tensor, Float64Array>();
  private readonly ints = new Map<Tensor, Int32Array>();

  get bytesInUse(): number {
    let bytes = 0;
    for (const values of this.floats.values()) bytes += values.byteLength;
    for (const values of this.ints.values()) bytes += values.byteLength;
    return bytes;
  }

  alloc(length: number): Tensor {
    checks.checkCounts('alloc', { length });
    const tensor: Tensor = Object.freeze({ length, dtype: 'f32' });
    this.floats.set(tensor, new Float64Array(length));
    return tensor;
  }

  allocInt(length: number): Tensor {
    checks.checkCounts('allocInt', { length });
    const tensor: Tensor = Object.freeze({ length, dtype: 'i32' });
    this.ints.set(tensor, new Int32Array(length));
    return tensor;
  }

  allocHalf(length: number): Tensor {
    checks.checkCounts('allocHalf', { length });
    const tensor: Tensor = Object.freeze({ length, dtype: 'f16' });
    this.floats.set(tensor, new Float64Array(length));
    return tensor;
  }

  free(tensor: Tensor): void {
    if (!this.floats.delete(tensor) && !this.ints.delete(tensor)) {
      throw new BackendError('free: this tensor was freed before, or is not of this backend');
    }
  }

  /** Values, which may be f16; what ops write there is not rounded here. */
  private w(tensor: Tensor): Float64Array {
    if (tensor.dtype === 'i32') throw new BackendError('this tensor must be f32 or f16, not i32');
    const values = this.floats.get(tensor);
    if (!values) throw new BackendError('this tensor was freed, is not f32, or is not of this backend');
    return values;
  }

  private f(tensor: Tensor): Float64Array {
    if (tensor.dtype === 'f16') throw new BackendError('this tensor must be f32, not f16');
    return this.w(tensor);
  }

  private i(tensor: Tensor): Int32Array {
    const values = this.ints.get(tensor);
    if (!values) throw new BackendError('this tensor was freed, is not i32, or is not of this backend');
    return values;
  }

  write(tensor: Tensor, values: Float32Array | Int32Array, offset = 0): void {
    checks.checkWriteType(tensor, values);
    checks.checkRange('write', tensor, offset, values.length);
    if (values instanceof Int32Array) this.i(tensor).set(values, offset);
    else this.w(tensor).set(tensor.dtype === 'f16' ? values.map((value) => fromHalf(toHalf(value))) : values, offset);
  }

  writeFloat64(tensor: Tensor, values: Float64Array, offset = 0): void {
    checks.checkRange('writeFloat64', tensor, offset, values.length);
    this.f(tensor).set(values, offset);
  }

  readFloat64(tensor: Tensor, offset = 0, length = tensor.length - offset): Float64Array {
    checks.checkRange('read', tensor, offset, length);
    if (tensor.dtype === 'i32') return Float64Array.from(this.i(tensor).subarray(offset, offset + length));
    return this.w(tensor).slice(offset, offset + length);
  }

  async read(tensor: Tensor, offset = 0, length = tensor.length - offset): Promise<Float32Array> {
    return Float32Array.from(this.readFloat64(tensor, offset, length));
  }

  dispose(): void {
    this.floats.clear();
    this.ints.clear();
  }

  fill(x: Tensor, value: number): void {
    this.f(x).fill(value);
  }

  copy(out: Tensor, x: Tensor): void {
    checks.checkCopy(out, x);
    this.w(out).set(this.f(x));
  }

  add(out: Tensor, x: Tensor): void {
    checks.checkSameLength('add', { out, x });
    const to = this.f(out);
    this.f(x).forEach((value, i) => {
      to[i]! += value;
    });
  }

  scale(x: Tensor, factor: number, length: number): void {
    checks.checkScale(x, factor, length);
    pointwise.scale(this.f(x), factor, length);
  }

  dropout(args: DropoutArguments): void {
    checks.checkDropout(args);
    pointwise.dropout({ ...args, out: this.f(args.out), x: this.w(args.x) });
  }

  matmul(args: MatmulArguments): void {
    checks.checkMatmul(args);
    const { plus, bias, swiglu, rows, columns } = args;
    const out = this.w(args.out);
    dense.matmul({
      ...args,
      out,
      a: this.w(args.a),
      b: this.w(args.b),
      plus: plus && this.w(plus),
      bias: bias && this.f(bias),
    });
    if (swiglu) pointwise.swiglu(this.w(swiglu.out), this.w(swiglu.gate), out, rows * columns);
  }

  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void {
    checks.checkBias('addBiasBackward', dOut, dBias, rows, dim);
    dense.addBiasBackward(this.f(dBias), this.f(dOut), rows, dim);
  }

  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkIndexedRows('gatherRows', { matrix: out, table, indices, rows, dim }, this.i(indices));
    dense.gatherRows(this.f(out), this.w(table), this.i(indices), rows, dim);
  }

  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkIndexedRows('scatterAddRows', { matrix: dOut, table: dTable, indices, rows, dim }, this.i(indices));
    dense.scatterAddRows(this.f(dTable), this.f(dOut), this.i(indices), rows, dim);
  }

  rmsNorm(args: RmsNormArguments): void {
    checks.checkRmsNorm(args);
    pointwise.rmsNorm({
      ...args,
      out: this.w(args.out),
      inverseRms: this.f(args.inverseRms),
      x: this.f(args.x),
      weight: this.f(args.weight),
    });
  }

  rmsNormBackward(args: RmsNormBackwardArguments): void {
    checks.checkRmsNormBackward(args);
    pointwise.rmsNormBackward({
      ...args,
      dX: this.f(args.dX),
      dWeight: args.dWeight && this.f(args.dWeight),
      dOut: this.f(args.dOut),
      x: this.f(args.x),
      weight: this.f(args.weight),
      inverseRms: this.f(args.inverseRms),
    });
  }

  rope(args: RopeArguments): void {
    const positions = this.i(args.positions);
    checks.checkRope(args, positions);
    pointwise.rope({ ...args, positions, x: this.w(args.x), cosine: this.f(args.cosine), sine: this.f(args.sine) });
  }

  attention(args: AttentionArguments): void {
    checks.checkAttention(args);
    attentionOps.attention(this.attentionBuffers(args));
  }

  attentionBackward(args: AttentionBackwardArguments): void {
    checks.checkAttentionBackward(args);
    attentionOps.attentionBackward({
      ...this.attentionBuffers(args),
      dQ: this.f(args.dQ),
      dK: this.f(args.dK),
      dV: this.f(args.dV),
      dOut: this.f(args.dOut),
    });
  }

  private attentionBuffers({ out, logSumExp, q, k, v, shape }: AttentionArguments): AttentionArguments<Float64Array> {
    return { out: this.w(out), logSumExp: this.f(logSumExp), q: this.w(q), k: this.w(k), v: this.w(v), shape };
  }

  swigluBackward(args: SwigluBackwardArguments): void {
    checks.checkSwigluBackward(args);
    pointwise.swigluBackward({
      dGate: this.f(args.dGate),
      dUp: this.f(args.dUp),
      dOut: this.f(args.dOut),
      gate: this.w(args.gate),
      up: this.w(args.up),
      length: args.length,
    });
  }

  /** The logit cache is not used: this backend defines what is right, not what is fast. */
  logProb(args: LogProbArguments): void {
    const targets = this.i(args.targets);
    checks.checkLogProb(args, targets);
    dense.logProb({
      ...args,
      targets,
      logProb: this.f(args.logProb),
      logSumExp: this.f(args.logSumExp),
      hidden: this.f(args.hidden),
      head: this.w(args.head),
      logitCache: null,
    });
  }

  logProbBackward(args: LogProbBackwardArguments): void {
    const targets = this.i(args.targets);
    checks.checkLogProbBackward(args, targets);
    dense.logProbBackward({
      ...args,
      targets,
      dHidden: this.f(args.dHidden),
      dHead: args.dHead && this.f(args.dHead),
      coefficient: this.f(args.coefficient),
      logSumExp: this.f(args.logSumExp),
      hidden: this.f(args.hidden),
      head: this.w(args.head),
      logitCache: null,
    });
  }

  sumSquares(out: Tensor, offset: number, x: Tensor): void {
    checks.checkSumSquares(out, offset, x);
    this.f(out)[offset] = pointwise.sumSquares(this.f(x));
  }

  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
    checks.checkAdamW(parameter, gradient, m, v, step);
    pointwise.adamW(this.f(parameter), this.f(gradient), this.f(m), this.f(v), step);
  }
}
