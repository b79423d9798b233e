/**
 * The specification: every op in float64 and plain loops. Slow on purpose; tests compare the real backends with it.
 */

import { fromHalf, toHalf } from '../../io/half-precision';
import type { AdamWStep, AttentionShape, Backend, Epilogue, MatmulForm, Tensor } from '../backend';
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

  dropout(out: Tensor, x: Tensor, length: number, rate: number, seed: number, accumulate = false): void {
    checks.checkDropout(out, x, length, rate, seed);
    pointwise.dropout(this.f(out), this.w(x), length, rate, seed, accumulate);
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
    const [to, from] = [this.w(c), plus && this.w(plus)];
    dense.matmul(form, to, this.w(a), this.w(b), m, n, k, { plus: from, bias: bias && this.f(bias) });
    if (swiglu) pointwise.swiglu(this.w(swiglu.out), this.w(swiglu.gate), to, m * n);
  }

  addBiasBackward(dBias: Tensor, dOut: Tensor, rows: number, dim: number): void {
    checks.checkBias('addBiasBackward', dOut, dBias, rows, dim);
    dense.addBiasBackward(this.f(dBias), this.f(dOut), rows, dim);
  }

  gatherRows(out: Tensor, table: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkGather('gatherRows', out, table, indices, this.i(indices), rows, dim);
    dense.gatherRows(this.f(out), this.w(table), this.i(indices), rows, dim);
  }

  scatterAddRows(dTable: Tensor, dOut: Tensor, indices: Tensor, rows: number, dim: number): void {
    checks.checkGather('scatterAddRows', dOut, dTable, indices, this.i(indices), rows, dim);
    dense.scatterAddRows(this.f(dTable), this.f(dOut), this.i(indices), rows, dim);
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
    pointwise.rmsNorm(this.w(out), this.f(inverseRms), this.f(x), this.f(weight), rows, dim, epsilon);
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
    const dW = dWeight && this.f(dWeight);
    pointwise.rmsNormBackward(
      this.f(dX),
      dW,
      this.f(dOut),
      this.f(x),
      this.f(weight),
      this.f(inverseRms),
      rows,
      dim,
      accumulate,
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
    checks.checkRope(x, positions, this.i(positions), cosine, sine, rows, heads, headDim);
    pointwise.rope(this.w(x), this.i(positions), this.f(cosine), this.f(sine), rows, heads, headDim, direction);
  }

  attention(out: Tensor, logSumExp: Tensor, q: Tensor, k: Tensor, v: Tensor, shape: AttentionShape): void {
    checks.checkAttention('attention', { out, q }, { k, v }, logSumExp, shape);
    attentionOps.attention(this.w(out), this.f(logSumExp), this.w(q), this.w(k), this.w(v), shape);
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
    attentionOps.attentionBackward(
      this.f(dQ),
      this.f(dK),
      this.f(dV),
      this.f(dOut),
      this.w(out),
      this.f(logSumExp),
      this.w(q),
      this.w(k),
      this.w(v),
      shape,
    );
  }

  swigluBackward(dGate: Tensor, dUp: Tensor, dOut: Tensor, gate: Tensor, up: Tensor, length: number): void {
    checks.checkSwigluBackward({ dGate, dUp, dOut }, gate, up, length);
    pointwise.swigluBackward(this.f(dGate), this.f(dUp), this.f(dOut), this.w(gate), this.w(up), length);
  }

  /** What it could keep is made again: it is here to be right, not fast. */
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
      this.i(targets),
      rows,
      dim,
      vocab,
      kept,
    );
    dense.logProb(this.f(logProb), this.f(logSumExp), this.f(hidden), this.w(head), this.i(targets), rows, dim, vocab);
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
    checks.checkLogProb(op, { coefficient, logSumExp }, hidden, head, targets, this.i(targets), rows, dim, vocab, kept);
    checks.checkLogProbGradients(dHidden, dHead, { hidden, head, coefficient, logSumExp }, rows, dim, vocab, kept);
    dense.logProbBackward(
      this.f(dHidden),
      dHead && this.f(dHead),
      this.f(coefficient),
      this.f(logSumExp),
      this.f(hidden),
      this.w(head),
      this.i(targets),
      rows,
      dim,
      vocab,
    );
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
