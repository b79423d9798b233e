/** The specification: every op in float64 and plain loops. Not optimised; tests compare the real backends with it. */

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
  /** Values in full precision, not rounded to f32: for finite differences. */
  readFloat64(tensor: Tensor, offset?: number, length?: number): Float64Array;
  writeFloat64(tensor: Tensor, values: Float64Array, offset?: number): void;
}

export function createReferenceBackend(): ReferenceBackend {
  return new Reference();
}

class Reference implements ReferenceBackend {
  readonly name = 'reference';
  readonly description = 'Reference (float64, plain TypeScript, slow)';
  /** Tensors to their values; a tensor that is absent was freed or belongs to another backend. */
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

  /** Values of an f32 or f16 tensor. What ops write to f16 is not rounded here. */
  private floatsOrHalves(tensor: Tensor): Float64Array {
    if (tensor.dtype === 'i32') throw new BackendError('this tensor must be f32 or f16, not i32');
    const values = this.floats.get(tensor);
    if (!values) throw new BackendError('this tensor was freed, is not f32, or is not of this backend');
    return values;
  }

  private floatsOf(tensor: Tensor): Float64Array {
    if (tensor.dtype === 'f16') throw new BackendError('this tensor must be f32, not f16');
    return this.floatsOrHalves(tensor);
  }

  private intsOf(tensor: Tensor): Int32Array {
    const values = this.ints.get(tensor);
    if (!values) throw new BackendError('this tensor was freed, is not i32, or is not of this backend');
    return values;
  }

  write(tensor: Tensor, values: Float32Array | Int32Array, offset = 0): void {
    checks.checkWriteType(tensor, values);
    checks.checkRange('write', tensor, offset, values.length);
    if (values instanceof Int32Array) this.intsOf(tensor).set(values, offset);
    else
      this.floatsOrHalves(tensor).set(
        tensor.dtype === 'f16' ? values.map((value) => fromHalf(toHalf(value))) : values,
        offset,
      );
  }

  writeFloat64(tensor: Tensor, values: Float64Array, offset = 0): void {
    checks.checkRange('writeFloat64', tensor, offset, values.length);
    this.floatsOf(tensor).set(values, offset);
  }

  readFloat64(tensor: Tensor, offset = 0, length = tensor.length - offset): Float64Array {
    checks.checkRange('read', tensor, offset, length);
    if (tensor.dtype === 'i32') return Float64Array.from(this.intsOf(tensor).subarray(offset, offset + length));
    return this.floatsOrHalves(tensor).slice(offset, offset + length);
  }

  async read(tensor: Tensor, offset = 0, length = tensor.length - offset): Promise<Float32Array> {
    return Float32Array.from(this.readFloat64(tensor, offset, length));
  }

  dispose(): void {
    this.floats.clear();
    this.ints.clear();
  }

  fill(x: Tensor, value: number): void {
    this.floatsOf(x).fill(value);
  }

  copy(out: Tensor, x: Tensor): void {
    checks.checkCopy(out, x);
    this.floatsOrHalves(out).set(this.floatsOf(x));
  }

  add(out: Tensor, x: Tensor): void {
    checks.checkSameLength('add', { out, x });
    const to = this.floatsOf(out);
    this.floatsOf(x).forEach((value, i) => {
      to[i]! += value;
    });
  }

  scale(x: Tensor, factor: number, length: number): void {
    checks.checkScale(x, factor, length);
    pointwise.scale(this.floatsOf(x), factor, length);
  }

  dropout(args: DropoutArguments): void {
    checks.checkDropout(args);
    pointwise.dropout({ ...args, out: this.floatsOf(args.out), x: this.floatsOrHalves(args.x) });
  }

  matmul(args: MatmulArguments): void {
    checks.checkMatmul(args);
    const { plus, bias, swiglu, scale, rows, columns } = args;
    const out = this.floatsOrHalves(args.out);
    dense.matmul({
      ...args,
      out,
      a: this.floatsOrHalves(args.a),
      b: this.floatsOrHalves(args.b),
      plus: plus && this.floatsOrHalves(plus),
      bias: bias && this.floatsOf(bias),
    });
    if (scale !== undefined) pointwise.scale(out, scale, rows * columns);
    if (swiglu)
      pointwise.swiglu(this.floatsOrHalves(swiglu.out), this.floatsOrHalves(swiglu.gate), out, rows * columns);
  }

  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void {
    checks.checkBias('addBiasBackward', dOut, dBias, rows, dim);
    dense.addBiasBackward(this.floatsOf(dBias), this.floatsOf(dOut), rows, dim);
  }

  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkIndexedRows('gatherRows', { matrix: out, table, indices, rows, dim }, this.intsOf(indices));
    dense.gatherRows(this.floatsOf(out), this.floatsOrHalves(table), this.intsOf(indices), rows, dim);
  }

  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkIndexedRows(
      'scatterAddRows',
      { matrix: dOut, table: dTable, indices, rows, dim },
      this.intsOf(indices),
    );
    dense.scatterAddRows(this.floatsOf(dTable), this.floatsOf(dOut), this.intsOf(indices), rows, dim);
  }

  rmsNorm(args: RmsNormArguments): void {
    checks.checkRmsNorm(args);
    pointwise.rmsNorm({
      ...args,
      out: this.floatsOrHalves(args.out),
      inverseRms: this.floatsOf(args.inverseRms),
      x: this.floatsOf(args.x),
      weight: this.floatsOf(args.weight),
    });
  }

  rmsNormBackward(args: RmsNormBackwardArguments): void {
    checks.checkRmsNormBackward(args);
    pointwise.rmsNormBackward({
      ...args,
      dX: this.floatsOf(args.dX),
      dWeight: args.dWeight && this.floatsOf(args.dWeight),
      dOut: this.floatsOf(args.dOut),
      x: this.floatsOf(args.x),
      weight: this.floatsOf(args.weight),
      inverseRms: this.floatsOf(args.inverseRms),
    });
  }

  rope(args: RopeArguments): void {
    const positions = this.intsOf(args.positions);
    checks.checkRope(args, positions);
    pointwise.rope({
      ...args,
      positions,
      x: this.floatsOrHalves(args.x),
      cosine: this.floatsOf(args.cosine),
      sine: this.floatsOf(args.sine),
    });
  }

  attention(args: AttentionArguments): void {
    checks.checkAttention(args);
    attentionOps.attention(this.attentionBuffers(args));
  }

  attentionBackward(args: AttentionBackwardArguments): void {
    checks.checkAttentionBackward(args);
    attentionOps.attentionBackward({
      ...this.attentionBuffers(args),
      dQ: this.floatsOf(args.dQ),
      dK: this.floatsOf(args.dK),
      dV: this.floatsOf(args.dV),
      dOut: this.floatsOf(args.dOut),
    });
  }

  private attentionBuffers({ out, logSumExp, q, k, v, shape }: AttentionArguments): AttentionArguments<Float64Array> {
    return {
      out: this.floatsOrHalves(out),
      logSumExp: this.floatsOf(logSumExp),
      q: this.floatsOrHalves(q),
      k: this.floatsOrHalves(k),
      v: this.floatsOrHalves(v),
      shape,
    };
  }

  swigluBackward(args: SwigluBackwardArguments): void {
    checks.checkSwigluBackward(args);
    pointwise.swigluBackward({
      dGate: this.floatsOf(args.dGate),
      dUp: this.floatsOf(args.dUp),
      dOut: this.floatsOf(args.dOut),
      gate: this.floatsOrHalves(args.gate),
      up: this.floatsOrHalves(args.up),
      length: args.length,
    });
  }

  /** The logit cache is not used: this backend defines what is right, not what is fast. */
  logProb(args: LogProbArguments): void {
    const targets = this.intsOf(args.targets);
    checks.checkLogProb(args, targets);
    dense.logProb({
      ...args,
      targets,
      logProb: this.floatsOf(args.logProb),
      logSumExp: this.floatsOf(args.logSumExp),
      hidden: this.floatsOf(args.hidden),
      head: this.floatsOrHalves(args.head),
      logitCache: null,
    });
  }

  logProbBackward(args: LogProbBackwardArguments): void {
    const targets = this.intsOf(args.targets);
    checks.checkLogProbBackward(args, targets);
    dense.logProbBackward({
      ...args,
      targets,
      dHidden: this.floatsOf(args.dHidden),
      dHead: args.dHead && this.floatsOf(args.dHead),
      coefficient: this.floatsOf(args.coefficient),
      logSumExp: this.floatsOf(args.logSumExp),
      hidden: this.floatsOf(args.hidden),
      head: this.floatsOrHalves(args.head),
      logitCache: null,
    });
  }

  sumSquares(out: Tensor, offset: number, x: Tensor): void {
    checks.checkSumSquares(out, offset, x);
    this.floatsOf(out)[offset] = pointwise.sumSquares(this.floatsOf(x));
  }

  adamW(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, step: AdamWStep): void {
    checks.checkAdamW(parameter, gradient, m, v, step);
    pointwise.adamW(this.floatsOf(parameter), this.floatsOf(gradient), this.floatsOf(m), this.floatsOf(v), step);
  }
}
