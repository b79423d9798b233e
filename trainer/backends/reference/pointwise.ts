/** Norms, rotation, activation and the optimizer: the ops on single rows or elements. */
import {
  type AdamWStep,
  type DropoutArguments,
  dropoutHash,
  type RmsNormArguments,
  type RmsNormBackwardArguments,
  type RopeArguments,
  type SwigluBackwardArguments,
} from '../backend';

export function rmsNorm(args: RmsNormArguments<Float64Array>): void {
  const { out, inverseRms, x, weight, rows, dim, epsilon } = args;
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let j = 0; j < dim; j++) squares += x[i * dim + j]! ** 2;
    const inverse = 1 / Math.sqrt(squares / dim + epsilon);
    inverseRms[i] = inverse;
    for (let j = 0; j < dim; j++) out[i * dim + j] = x[i * dim + j]! * inverse * weight[j]!;
  }
}

export function rmsNormBackward(args: RmsNormBackwardArguments<Float64Array>): void {
  const { dX, dWeight, dOut, x, weight, inverseRms, rows, dim, accumulate } = args;
  for (let i = 0; i < rows; i++) {
    const inverse = inverseRms[i]!;
    let projection = 0;
    for (let j = 0; j < dim; j++) projection += dOut[i * dim + j]! * weight[j]! * x[i * dim + j]!;
    projection *= (inverse * inverse) / dim;
    for (let j = 0; j < dim; j++) {
      const at = i * dim + j;
      if (dWeight) dWeight[j]! += dOut[at]! * x[at]! * inverse;
      const gradient = inverse * (dOut[at]! * weight[j]! - x[at]! * projection);
      dX[at] = accumulate ? dX[at]! + gradient : gradient;
    }
  }
}

export function scale(x: Float64Array, factor: number, length: number): void {
  for (let i = 0; i < length; i++) x[i]! *= factor;
}

export function dropout({ out, x, length, rate, seed, accumulate }: DropoutArguments<Float64Array>): void {
  const threshold = rate * 2 ** 32;
  for (let i = 0; i < length; i++) {
    const value = dropoutHash(seed, i) >= threshold ? x[i]! / (1 - rate) : 0;
    out[i] = accumulate ? out[i]! + value : value;
  }
}

export function rope(args: RopeArguments<Float64Array, Int32Array>): void {
  const { x, positions, cosine, sine, rows, heads, headDim, direction } = args;
  const half = headDim / 2;
  for (let i = 0; i < rows; i++) {
    for (let h = 0; h < heads; h++) {
      const at = (i * heads + h) * headDim;
      for (let j = 0; j < half; j++) {
        const c = cosine[positions[i]! * half + j]!;
        const s = direction * sine[positions[i]! * half + j]!;
        const first = x[at + j]!;
        const second = x[at + half + j]!;
        x[at + j] = first * c - second * s;
        x[at + half + j] = second * c + first * s;
      }
    }
  }
}

export function swiglu(out: Float64Array, gate: Float64Array, up: Float64Array, length: number): void {
  for (let i = 0; i < length; i++) out[i] = (gate[i]! / (1 + Math.exp(-gate[i]!))) * up[i]!;
}

export function swigluBackward(args: SwigluBackwardArguments<Float64Array>): void {
  const { dGate, dUp, dOut, gate, up, length } = args;
  for (let i = 0; i < length; i++) {
    const g = gate[i]!;
    const u = up[i]!;
    const d = dOut[i]!;
    const sigmoid = 1 / (1 + Math.exp(-g));
    dUp[i] = d * g * sigmoid;
    dGate[i] = d * u * sigmoid * (1 + g * (1 - sigmoid));
  }
}

export function sumSquares(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}

export function adamW(
  parameter: Float64Array,
  gradient: Float64Array,
  m: Float64Array,
  v: Float64Array,
  options: AdamWStep,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step, gradientScale } = options;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]! * gradientScale;
    m[i] = beta1 * m[i]! + (1 - beta1) * g;
    v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
    const denominator = Math.sqrt(v[i]! / correction2) + epsilon;
    parameter[i] =
      parameter[i]! * (1 - learningRate * weightDecay) - (learningRate * (m[i]! / correction1)) / denominator;
  }
}
